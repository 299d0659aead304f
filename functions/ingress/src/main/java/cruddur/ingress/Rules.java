package cruddur.ingress;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a security group lets in to the database's port at one moment.
 *
 * @param ours rules that this function made
 * @param others addresses with a rule of somebody else's
 */
record Rules(List<Rule> ours, Set<Address> others) {
  Rules {
    ours = List.copyOf(ours);
    others = Set.copyOf(others);
  }

  Optional<Rule> at(Address address) {
    return ours.stream().filter(rule -> rule.address().equals(address)).findFirst();
  }

  /** The rules that a workspace has a hold on, live or not. */
  List<Rule> of(String workspace) {
    return ours.stream().filter(rule -> rule.holdOf(workspace).isPresent()).toList();
  }
}
