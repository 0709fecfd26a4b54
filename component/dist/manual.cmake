# Writes the manual page of covenctl to OUT: the page IN with the chapter about the commands, which the
# program COVENCTL prints.
execute_process(COMMAND ${COVENCTL} --manual OUTPUT_VARIABLE COVENCTL_COMMANDS
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
configure_file(${IN} ${OUT} @ONLY)
