/* The steps of all commands, by file. See running.h. */
#ifndef MUC_COMMAND_HANDLERS_H
#define MUC_COMMAND_HANDLERS_H

#include "running.h"

/* Takes one step, of some milliseconds at most, in a turn. The first one finds `state` NULL. */
typedef enum run_next run_stepper(struct run *run);

struct run_handler {
    run_stepper *step;
    void (*free)(void *state); /* NULL: free() does */
};

/* By command. */
extern const struct run_handler run_handlers[COMMAND_ALL];

run_stepper announce_text;
run_stepper create_room;
run_stepper deny_begin, deny_end, deny_list;
run_stepper destroy_one, destroy_many;
run_stepper export_command_show;
run_stepper export_rooms_tell;
run_stepper history_command_show;
run_stepper import_rooms_read;
run_stepper item_affiliation, item_kick, item_role;
run_stepper options_get, options_set;
run_stepper people_inside_affiliations, people_inside_list;
run_stepper purge_archive_delete;
run_stepper purge_user;
run_stepper rename_room;
run_stepper room_card_show;
run_stepper room_command_invite, room_command_subject, room_command_unlock;
run_stepper rooms_list;
run_stepper service_command_log_level, service_command_reload, service_command_stats,
    service_command_stop, service_command_top;
run_stepper store_command_backup, store_command_check;
run_stepper user_command_show;

void announce_free(void *state);
void deny_free(void *state);
void destroy_many_free(void *state);
void export_command_free(void *state);
void export_rooms_free(void *state);
void history_command_free(void *state);
void import_rooms_free(void *state);
void people_inside_free(void *state);
void purge_archive_free(void *state);
void purge_free(void *state);
void rename_free(void *state);
void room_card_free(void *state);
void rooms_free(void *state);
void store_command_backup_free(void *state);
void store_command_check_free(void *state);
void user_command_free(void *state);

#endif
