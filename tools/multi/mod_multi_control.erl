%% Does to ejabberd what tools/multi needs and no client can ask for: starts, stops and reloads
%% mod_coven_multi, and lets handlers of another module get in its way, for the accounts that are
%% named after what happens to them. The iq that asks has the attributes `what` and `user`.
-module(mod_multi_control).
-export([start/2, stop/1, reload/3, depends/2, mod_options/1, mod_doc/0]).
-export([process_iq/1, decode_iq_subel/1, filter_packet/1, user_receive_packet/1, filter_send/1]).

-define(NS, <<"urn:coven:multi:test">>).
-define(MODULE_TESTED, mod_coven_multi).

start(Host, _Opts) ->
    gen_iq_handler:add_iq_handler(ejabberd_local, Host, ?NS, ?MODULE, process_iq).

stop(Host) ->
    gen_iq_handler:remove_iq_handler(ejabberd_local, Host, ?NS).

reload(_Host, _New, _Old) -> ok.
depends(_Host, _Opts) -> [].
mod_options(_Host) -> [].
mod_doc() -> #{}.

decode_iq_subel(Do) -> Do.

process_iq(IQ) ->
    [Do | _] = xmpp:get_els(IQ),
    Host = element(3, xmpp:get_to(IQ)),
    try command(fxml:get_tag_attr_s(<<"what">>, Do), Host, fxml:get_tag_attr_s(<<"user">>, Do)) of
        _ -> xmpp:make_iq_result(IQ)
    catch _:Why ->
            Text = list_to_binary(io_lib:format("~p", [Why])),
            xmpp:make_error(IQ, xmpp:err_undefined_condition(Text, <<"en">>))
    end.

command(<<"load">>, _Host, _User) ->
    [gen_mod:start_module(Host, ?MODULE_TESTED) || Host <- hosts(false)],
    [] = hosts(false);
command(<<"unload">>, _Host, _User) ->
    [gen_mod:stop_module_keep_config(Host, ?MODULE_TESTED) || Host <- hosts(true)];
command(<<"reload">>, Host, User) ->
    command(<<"unload">>, Host, User),
    code:purge(?MODULE_TESTED),
    {module, _} = code:load_file(?MODULE_TESTED),
    command(<<"load">>, Host, User);
command(<<"close">>, Host, User) ->
    [Pid ! {exit, <<"closed">>} || {_, Pid} <- ejabberd_sm:get_session_sids(User, Host)];
command(<<"interfere">>, Host, _User) ->
    ejabberd_hooks:add(filter_packet, ?MODULE, filter_packet, 10),
    ejabberd_hooks:add(user_receive_packet, Host, ?MODULE, user_receive_packet, 10),
    ejabberd_hooks:add(c2s_filter_send, Host, ?MODULE, filter_send, 10);
command(<<"behave">>, Host, _User) ->
    ejabberd_hooks:delete(filter_packet, ?MODULE, filter_packet, 10),
    ejabberd_hooks:delete(user_receive_packet, Host, ?MODULE, user_receive_packet, 10),
    ejabberd_hooks:delete(c2s_filter_send, Host, ?MODULE, filter_send, 10).

%% The module's hook is there as long as one host has it loaded.
hosts(Loaded) ->
    [Host || Host <- ejabberd_option:hosts(), gen_mod:is_loaded(Host, ?MODULE_TESTED) =:= Loaded].

mark(Packet, Name) ->
    Mark = {xmlel, Name, [{<<"xmlns">>, ?NS}], []},
    xmpp:set_els(Packet, xmpp:get_els(Packet) ++ [Mark]).

%% The account of the recipient, if the packet is a message or a presence.
account(Packet) ->
    case lists:member(xmpp:get_name(Packet), [<<"message">>, <<"presence">>]) of
        true -> element(2, xmpp:get_to(Packet));
        false -> none
    end.

%% On the router's way, in the process of the sender.
filter_packet(Packet) ->
    case account(Packet) of
        <<"dropped">> -> {stop, drop};
        <<"changed">> -> mark(Packet, <<"changed">>);
        <<"renamed">> -> xmpp:set_id(Packet, <<"renamed">>);
        <<"replaced">> -> mark(Packet, <<"replaced">>);
        <<"thrown">> -> error(a_handler_throws);
        <<"thrownlate">> ->
            ejabberd_sm:route(Packet),
            error(a_handler_throws_but_has_sent);
        _ -> Packet
    end.

%% At the session of the recipient.
user_receive_packet({Packet, State}) ->
    case account(Packet) of
        <<"filtered">> -> {mark(Packet, <<"filtered">>), State};
        <<"muted">> -> {stop, {drop, State}};
        _ -> {Packet, State}
    end.

filter_send({Packet, State}) ->
    case xmpp:is_stanza(Packet) andalso xmpp:get_to(Packet) =/= undefined
        andalso account(Packet) of
        <<"filterthrown">> -> error(a_filter_throws);
        _ -> {Packet, State}
    end.
