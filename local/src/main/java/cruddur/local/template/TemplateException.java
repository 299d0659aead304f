package cruddur.local.template;

/** The template has something that bin/local cannot run; the message says where and what. */
public final class TemplateException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  TemplateException(String message) {
    super("template.yaml: " + message);
  }

  /** A form that template.yaml does not use, so that there is no emulation of it. */
  static TemplateException notEmulated(String form) {
    return new TemplateException(form + " is not emulated");
  }
}
