%% Lets a component send one stanza to many recipients: the copies are made here, inside the server,
%% and not on the connection. In ejabberd.yml, below `modules`:
%%
%%   mod_coven_multi: {}
%%
%% A component asks its own domain whether this module is there, and receives a key and the limits:
%%
%%   <iq type='get' from='D' to='D' id='1'><multi xmlns='urn:coven:multi:0'/></iq>
%%
%% Then it may send a message or a presence to its own domain with the recipients in the first child,
%% separated by tabs. Each gets the stanza without that child, by the ordinary router:
%%
%%   <message from='room@D/nick' to='D'><multi xmlns='urn:coven:multi:0' key='K'>a@b/c	d@e/f</multi>…
%%
%% All or nothing: a stanza that is not so is routed as if this module were not there, which means that
%% it comes back to the component. (ejabberd keeps bodies, subjects and threads apart from the other
%% children, so these may come before the first one.)
-module(mod_coven_multi).

-export([start/2, stop/1, reload/3, depends/2, mod_options/1, mod_doc/0]).
-export([component_send_packet/1]).

-define(NS, <<"urn:coven:multi:0">>).
-define(RECIPIENTS, 250).
-define(BYTES, 32768).
%% Prepared addresses that a stream remembers, in about 5 MB.
-define(JIDS, 10000).
%% Late, so that the hooks of other modules see what the component sent and may drop it.
-define(SEQUENCE, 90).

%% The hook belongs to no host: ejabberd keeps it once, however often it is added.
start(_Host, _Options) ->
    ejabberd_hooks:add(component_send_packet, ?MODULE, component_send_packet, ?SEQUENCE).

stop(Host) ->
    case gen_mod:is_loaded_elsewhere(Host, ?MODULE) of
        true -> ok;
        false -> ejabberd_hooks:delete(component_send_packet, ?MODULE, component_send_packet, ?SEQUENCE)
    end.

reload(_Host, _New, _Old) -> ok.

depends(_Host, _Options) -> [].

mod_options(_Host) -> [].

mod_doc() -> #{desc => <<"Sends a stanza of a component to many recipients.">>}.

%% Runs in the process of the component's stream, so copies keep their place among the other stanzas.
component_send_packet({drop, _State} = Dropped) ->
    Dropped;
component_send_packet({Packet, State}) ->
    case is_to_own_domain(Packet, State) andalso multi(Packet) of
        {multi, Attributes, Text} -> handle(element(1, Packet), Packet, Attributes, Text, State);
        false -> {Packet, State}
    end.

%% A stream may serve several domains, and `check_from: false` lets it send in anybody's name.
is_to_own_domain(Packet, #{routes := Domains}) ->
    {_, From, _} = jid:tolower(xmpp:get_from(Packet)),
    jid:tolower(xmpp:get_to(Packet)) =:= {<<>>, From, <<>>} andalso lists:member(From, Domains);
is_to_own_domain(_Packet, _State) ->
    false.

multi(Packet) ->
    case xmpp:get_els(Packet) of
        [{xmlel, <<"multi">>, Attributes, Children} | _] ->
            fxml:get_attr_s(<<"xmlns">>, Attributes) =:= ?NS andalso
                {multi, Attributes, fxml:get_cdata(Children)};
        _ ->
            false
    end.

handle(iq, Packet, _Attributes, _Text, State) ->
    case xmpp:get_type(Packet) =:= get andalso xmpp:get_from(Packet) =:= xmpp:get_to(Packet) of
        true -> {drop, answer(Packet, with_key(State))};
        false -> {Packet, State}
    end;
handle(_, Packet, Attributes, Text, State) ->
    Key = fxml:get_attr_s(<<"key">>, Attributes),
    Addresses = binary:split(Text, <<"\t">>, [global, trim_all]),
    case State of
        #{coven_multi_key := Key} when Addresses =/= [], length(Addresses) =< ?RECIPIENTS ->
            case content_size([xmpp:encode(Packet)]) =< ?BYTES of
                true -> {drop, send(Addresses, without_multi(Packet), State)};
                false -> {Packet, State}
            end;
        _ ->
            {Packet, State}
    end.

%% The key is the stream's and outlives this module, which may be loaded again at any time.
with_key(#{coven_multi_key := _} = State) -> State;
with_key(State) ->
    State#{coven_multi_key => base64:encode(crypto:strong_rand_bytes(24)), coven_multi_jids => #{}}.

answer(Question, #{coven_multi_key := Key} = State) ->
    Multi = {xmlel, <<"multi">>,
             [{<<"xmlns">>, ?NS},
              {<<"key">>, Key},
              {<<"recipients">>, integer_to_binary(?RECIPIENTS)},
              {<<"bytes">>, integer_to_binary(?BYTES)}],
             []},
    xmpp_stream_in:send(State, xmpp:make_iq_result(Question, Multi)).

%% The bytes of names, values and texts. The stanza as it came is not there any more; it was longer, so
%% none within the limit is refused.
content_size(Nodes) -> lists:sum([node_size(Node) || Node <- Nodes]).

node_size({xmlcdata, Text}) ->
    byte_size(Text);
node_size({xmlel, Name, Attributes, Children}) ->
    byte_size(Name) + lists:sum([byte_size(N) + byte_size(V) || {N, V} <- Attributes]) +
        content_size(Children).

without_multi(Packet) ->
    xmpp:set_els(Packet, tl(xmpp:get_els(Packet))).

send(Addresses, Packet, State) ->
    lists:foldl(fun(Address, Before) -> send_one(Address, Packet, Before) end, State, Addresses).

%% Nothing may leave this function but a state: ejabberd would route the stanza as it came, and those
%% who have a copy would get it again. The router catches what is thrown while it delivers.
send_one(Address, Packet, State) ->
    try
        {To, Known} = recipient(Address, State),
        ejabberd_router:route(xmpp:set_to(Packet, To)),
        Known
    catch
        _:_ ->
            try refuse(Address, Packet, State)
            catch _:_ -> State
            end
    end.

%% A room writes to the same people again and again, and to prepare an address takes longer than all
%% else that is done here.
recipient(Address, #{coven_multi_jids := Jids} = State) ->
    case Jids of
        #{Address := Jid} ->
            {Jid, State};
        _ ->
            Jid = jid:decode(Address),
            {Jid, State#{coven_multi_jids := (room_for_one(Jids))#{binary:copy(Address) => Jid}}}
    end.

room_for_one(Jids) when map_size(Jids) < ?JIDS -> Jids;
room_for_one(_Jids) -> #{}.

%% What the stream itself answers to a stanza for a malformed address.
refuse(Address, Packet, #{xmlns := Namespace} = State) ->
    case xmpp:get_type(Packet) of
        error ->
            State;
        _ ->
            {xmlel, Name, Attributes, Children} = xmpp:encode(Packet, Namespace),
            Copy = {xmlel, Name, lists:keystore(<<"to">>, 1, Attributes, {<<"to">>, Address}), Children},
            xmpp_stream_in:send(State, xmpp:make_error(Copy, xmpp:err_bad_request()))
    end.
