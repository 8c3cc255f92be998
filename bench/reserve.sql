-- One reservation of three lines: the statements of the inventory's use case, in its order.
-- What the service works out in its own process (ids, times) comes from the server's functions,
-- and its documents as variables that travel with every statement, as the service's own do.
\set first CASE WHEN :hot = 1 THEN 1 ELSE random(2, :items) END
\set second random(2, :items)
\set third random(2, :items)
\set key random(1, 9000000000000000)
begin;
insert into idempotency_claim (subject, key, input_hash, id)
    values ('pgbench', :client_id::text || '-' || :key::text, :hash::bytea, uuidv7())
    on conflict do nothing returning id;
select site_id, warehouse_id from warehouse where (site_id, warehouse_id) in (('bench', 'main'));
select item_id, name, base_unit, scale, category, in_use from item
    where item_id in (:first::text, :second::text, :third::text);
insert into reservation (site_id, reservation_id, order_id, warehouse_id, reserved_at, expires_at,
        status, reason, shipment_id)
    values ('bench', uuidv7(), gen_random_uuid(), 'main', now(), now() + interval '2 hours',
        'held', null, null)
    on conflict (order_id) where status in ('held', 'confirmed') do nothing
    returning reservation_id as reservation \gset
select site_id, item_id, warehouse_id, on_hand, allocated, in_inspection, frozen from stock_balance
    join unnest(array['bench', 'bench', 'bench'],
            array[:first::text, :second::text, :third::text],
            array['main', 'main', 'main']) as wanted (site, item, warehouse)
        on site_id = site and item_id = item and warehouse_id = warehouse
    order by site_id, item_id, warehouse_id for no key update of stock_balance;
update stock_balance as balance
    set on_hand = balance.on_hand, allocated = balance.allocated + 1,
        in_inspection = balance.in_inspection, frozen = balance.frozen
    from unnest(array['bench', 'bench', 'bench'],
            array[:first::text, :second::text, :third::text],
            array['main', 'main', 'main']) as changed (site, item, warehouse)
    where site_id = site and item_id = item and warehouse_id = warehouse;
insert into reservation_line (site_id, reservation_id, line_no, item_id, warehouse_id, quantity,
        outstanding)
    values ('bench', :reservation::uuid, 1, :first::text, 'main', 1, 1),
        ('bench', :reservation::uuid, 2, :second::text, 'main', 1, 1),
        ('bench', :reservation::uuid, 3, :third::text, 'main', 1, 1);
insert into outbox (event_id, topic, key, type, sequence, payload, traceparent, occurred_at)
    values (uuidv7(), 'inventory.reservation.v1', :reservation::text,
        'trueshelf.inventory.stock_reserved.v1', null, :payload::text, null, now())
    returning id;
update idempotency_claim
    set status = 201, media_type = 'application/json', answer = :answer::bytea
    where subject = 'pgbench' and key = :client_id::text || '-' || :key::text and status is null;
commit;
