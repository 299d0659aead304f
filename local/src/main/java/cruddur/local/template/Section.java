package cruddur.local.template;

import static java.util.stream.Collectors.toUnmodifiableMap;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A part of the template, and its place there, which its failures name.
 *
 * @param place such as {@code HttpApi.CorsConfiguration}
 * @param name the last part of the place
 * @param value missing if the template has no such part
 */
record Section(String place, String name, JsonNode value, Intrinsics intrinsics) {
  /** A part at the top of the template, or a resource's properties. */
  Section(String name, JsonNode value, Intrinsics intrinsics) {
    this(name, name, value, intrinsics);
  }

  /**
   * A member of this part.
   *
   * @throws TemplateException when this part is no map
   */
  Section member(String member) {
    return new Section(place + "." + member, member, map(value).path(member), intrinsics);
  }

  /**
   * All members, in the order of the template; none if the template does not have this part.
   *
   * @throws TemplateException when this part is no map
   */
  Stream<Section> members() {
    return map(value).properties().stream().map(entry -> member(entry.getKey()));
  }

  private JsonNode map(JsonNode candidate) {
    if (isPresent() && !candidate.isObject()) {
      throw new TemplateException(place + " is not a map");
    }
    return candidate;
  }

  /** Whether the template has this part. */
  boolean isPresent() {
    return !value.isMissingNode();
  }

  /**
   * Checks that this part has no other members than these.
   *
   * @throws TemplateException when it has another member, or is no map
   */
  Section allowing(String... names) {
    members()
        .filter(member -> !List.of(names).contains(member.name()))
        .findFirst()
        .ifPresent(
            unknown -> {
              throw TemplateException.notEmulated(unknown.place());
            });
    return this;
  }

  /**
   * Its text.
   *
   * @throws TemplateException when the template does not have this part
   */
  String text() {
    return find().orElseThrow(() -> new TemplateException(place + " is missing"));
  }

  /** Its text, or a default if the template does not have this part. */
  String textOr(String otherwise) {
    return find().orElse(otherwise);
  }

  /**
   * Its text, which must be one of these.
   *
   * @throws TemplateException when it is another text
   */
  String textOf(String... emulated) {
    var text = text();
    if (!List.of(emulated).contains(text)) {
      throw notEmulated(text);
    }
    return text;
  }

  /** Its number, or a default if the template does not have this part. */
  int numberOr(int otherwise) {
    var text = textOr(Integer.toString(otherwise));
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw new TemplateException(place + ": " + text + " is not a number");
    }
  }

  /**
   * The texts of a list, or a single text; none if the template does not have this part.
   *
   * @throws TemplateException when one of them is a map or a list
   */
  List<String> texts() {
    var resolved = intrinsics.resolve(value);
    var items = resolved.isArray() ? resolved.valueStream() : find(resolved).stream();
    return items.map(item -> find(item).orElseThrow().asText()).toList();
  }

  /**
   * The texts of a list, which must all be emulated.
   *
   * @throws TemplateException when one is not
   */
  List<String> texts(Predicate<String> isEmulated) {
    var texts = texts();
    for (var text : texts) {
      if (!isEmulated.test(text)) {
        throw notEmulated(text);
      }
    }
    return texts;
  }

  /** The texts of a map. */
  Map<String, String> textsByName() {
    return map(intrinsics.resolve(value)).properties().stream()
        .collect(
            toUnmodifiableMap(Map.Entry::getKey, member -> intrinsics.text(member.getValue())));
  }

  /** The same place with another value. */
  Section with(JsonNode other) {
    return new Section(place, name, other, intrinsics);
  }

  /** The failure for a value that is not emulated. */
  TemplateException notEmulated(String text) {
    return TemplateException.notEmulated(place + ": " + text);
  }

  private Optional<String> find() {
    return find(intrinsics.resolve(value)).map(JsonNode::asText);
  }

  private Optional<JsonNode> find(JsonNode resolved) {
    if (resolved.isContainerNode()) {
      throw notEmulated(resolved.toString());
    }
    return resolved.isMissingNode() ? Optional.empty() : Optional.of(resolved);
  }
}
