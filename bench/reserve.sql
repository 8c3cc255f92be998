-- One reservation of three lines: the statements of the inventory's use case, in its order.
-- What the service works out in its own process (ids, times) comes from the server's functions,
-- and its documents as variables that travel with every statement, as the service's own do.
\set first CASE WHEN :hot = 1 THEN 1 ELSE random(2, :items) END
\set second random(2, :items)
\set third random(2, :items)
\set key random(1, 9000000000000000)
begin;
select subject, key, input_hash, status, media_type, answer from idempotency_claim
    where subject = any (array['pgbench']) and key = any (array[:client_id::text || '-' || :key::text]);
select item_id, name, base_unit, scale, category, in_use, tracking, shelf_life_days, no_sale_days,
        for_sale, inspect_on_receipt, disabled, abc_class, gtin, kit_version
    from item where item_id = any (array[:first::text, :second::text, :third::text]);
select order_id, reservation_id from reservation
    where order_id = any (array[md5(:client_id::text || :key::text)::uuid])
        and status in ('held', 'confirmed');
select site_id, item_id, warehouse_id, batch_id, on_hand, allocated, in_inspection, frozen
    from stock_balance
    join unnest(array['bench', 'bench', 'bench'],
            array[:first::text, :second::text, :third::text],
            array['main', 'main', 'main'], array['', '', ''])
            as wanted (site, item, warehouse, batch)
        on site_id = site and item_id = item and warehouse_id = warehouse and batch_id = batch
    order by site_id, item_id, warehouse_id, batch_id for no key update of stock_balance;
update stock_balance as balance
    set on_hand = balance.on_hand, allocated = balance.allocated + 1,
        in_inspection = balance.in_inspection, frozen = balance.frozen
    from unnest(array['bench', 'bench', 'bench'],
            array[:first::text, :second::text, :third::text],
            array['main', 'main', 'main'], array['', '', ''])
            as changed (site, item, warehouse, batch)
    where site_id = site and item_id = item and warehouse_id = warehouse and batch_id = batch;
with made as (select uuidv7() as id), lines as (
        insert into reservation_line (site_id, reservation_id, line_no, item_id, warehouse_id,
                batch_id, quantity, outstanding)
        select 'bench', id, line.number, line.item, 'main', '', 1, 1
        from made, (values (1, :first::text), (2, :second::text), (3, :third::text))
            as line (number, item))
    insert into reservation
        (site_id, reservation_id, order_id, warehouse_id, reserved_at, expires_at, status)
    select 'bench', id, md5(:client_id::text || :key::text)::uuid, 'main', now(), now() + interval '2 hours', 'held'
    from made
    on conflict (order_id) where status in ('held', 'confirmed') do nothing
    returning reservation_id as reservation \gset
insert into outbox (event_id, topic, key, type, sequence, payload, traceparent, occurred_at)
    values (uuidv7(), 'inventory.reservation.v1', :reservation::text,
        'trueshelf.inventory.stock_reserved.v1', null, :payload::text, null, now());
insert into idempotency_claim (subject, key, input_hash, id, status, media_type, answer)
    values ('pgbench', :client_id::text || '-' || :key::text, :hash::bytea, uuidv7(),
        201, 'application/json', :answer::bytea)
    on conflict do nothing returning 1;
commit;
