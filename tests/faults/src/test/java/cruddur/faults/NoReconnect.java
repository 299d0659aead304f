package cruddur.faults;

import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.util.Set;

/** The class {@code cruddur.database.Fault} with what makes the functions recover taken out. */
final class NoReconnect {
  private static final Set<String> METHODS = Set.of("isOfConnection", "isWorthAnother");

  private NoReconnect() {}

  /** The same class, whose two questions are always answered with no. */
  static byte[] of(byte[] fault) {
    var classes = ClassFile.of();
    return classes.transformClass(
        classes.parse(fault),
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
