/* Completion of a shell. */
#ifndef COVENCTL_COMPLETE_H
#define COVENCTL_COMPLETE_H

/* Prints what the last word could be, a line each, whatever it begins with. `argv`: the words of
 * the command line behind "covenctl" up to it. */
void complete_print(int argc, char *const *argv);

#endif
