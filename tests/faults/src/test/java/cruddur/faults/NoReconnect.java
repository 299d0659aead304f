package cruddur.faults;

import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.util.Set;

/** Changes the class {@code cruddur.database.FailureKind} so that the functions do not recover. */
final class NoReconnect {
  private static final Set<String> METHODS = Set.of("isOfConnection", "allowsRetry");

  private NoReconnect() {}

  /** The same class, whose two methods always return false. */
  static byte[] of(byte[] failureKind) {
    var classes = ClassFile.of();
    var parsed = classes.parse(failureKind);
    var names = parsed.methods().stream().map(method -> method.methodName().stringValue()).toList();
    if (!names.containsAll(METHODS)) {
      throw new IllegalStateException(METHODS + " are not in " + names);
    }
    return classes.transformClass(
        parsed,
        (builder, element) -> {
          if (element instanceof MethodModel method
              && METHODS.contains(method.methodName().stringValue())) {
            builder.withMethodBody(
                method.methodName(),
                method.methodType(),
                method.flags().flagsMask(),
                code -> code.iconst_0().ireturn());
          } else {
            builder.with(element);
          }
        });
  }
}
