package cruddur.local.template;

/** The template has a part that the emulator cannot run, which the message names. */
public final class TemplateException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  TemplateException(String message) {
    super("template.yaml: " + message);
  }

  /** The failure for a form that template.yaml does not use. */
  static TemplateException notEmulated(String form) {
    return new TemplateException(form + " is not emulated");
  }
}
