-- Each activity is deleted in the end: vacuum begins at a hundredth of the table, not at a fifth.

alter table activities set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);
