using System.Text;
using System.Text.Json;
using ActorTrading.Connectors.Exchanges.Adapters;
using ActorTrading.Connectors.Exchanges.Books;
using ActorTrading.Connectors.Exchanges.Sequences;
using ActorTrading.Connectors.Messages;
using ActorTrading.Domain.Values;

namespace ActorTrading.Connectors.Exchanges.Sessions;

/// <summary>
/// Converts an exchange's messages to records in an order that the engine accepts, and detects missing items. Outlives connections. Not
/// thread-safe.
/// Long because numbered items, timed items and order books share one output, whose order matters.
/// </summary>
internal sealed class ExchangeMarket(
    ExchangeOptions options, IExchange exchange, IMarketRequests requests, ExchangeCounts counts, ExchangeTelling telling)
{
    private readonly Dictionary<(ExchangeChannel Channel, string Symbol), ItemSequence> sequences = [];
    private readonly Dictionary<(ExchangeChannel Channel, string Symbol), FillRange> asked = [];
    private readonly Dictionary<(ExchangeChannel Channel, string Symbol), TimedSequence> timed = [];
    private readonly Dictionary<string, BookSync> books = new(StringComparer.Ordinal);
    private readonly Source[] sources = [.. ExchangeChannels.All.Select(channel => SourceOf(options, channel))];
    private readonly Source unreadable = Source.Parse($"{options.Source ?? options.Exchange}:unreadable");
    private readonly long[] counted = new long[ExchangeChannels.All.Count];
    private readonly List<ExchangeItem> items = [];
    private readonly List<NumberedItem> ready = [];
    private readonly List<TimedItem> readyTimed = [];
    private readonly List<BookChange> changes = [];
    private List<MarketRecord> output = [];
    private long unreadableCount;

    /// <summary>The epoch of the records that the connection numbers.</summary>
    public long Epoch { get; set; }

    /// <summary>The source of a channel's records.</summary>
    public static Source SourceOf(ExchangeOptions options, ExchangeChannel channel) => Source.Parse(
        channel == ExchangeChannel.Klines
            ? $"{options.Source ?? options.Exchange}:klines:{options.Interval}"
            : $"{options.Source ?? options.Exchange}:{channel.Name()}");

    /// <summary>Sets the last durable item of a symbol, so that later items count as missing.</summary>
    public void Begin(ExchangeChannel channel, string symbol, long number, long nanoseconds) =>
        SequenceOf(channel, symbol).Begin(number, nanoseconds);

    /// <summary>Processes an event; returns the records to submit, in order.</summary>
    public List<MarketRecord> Handle(ExchangeEvent happened)
    {
        output = [];
        switch (happened)
        {
            case ConnectionOpened opened:
                Epoch = Math.Max(Epoch + 1, opened.Epoch);
                foreach (var book in books.Values) book.Lose();
                foreach (var sequence in timed.Values) sequence.Break();
                break;
            case MessageReceived message:
                Read(message.Text);
                break;
            case MessagesDropped dropped:
                TakeDropped(dropped.Count);
                break;
            case ItemsFilled filled when timed.ContainsKey((filled.Range.Channel, filled.Range.Symbol)):
                TakeFilledTime(filled);
                break;
            case ItemsFilled filled:
                TakeFilled(filled);
                break;
            case BookAnswered { Snapshot: { } snapshot }:
                if (books.ContainsKey(snapshot.Symbol)) TakeBook(snapshot);
                break;
            case BookAnswered answer:
                if (books.TryGetValue(answer.Symbol, out var failed)) failed.Fail();
                break;
            case SymbolRemoved removed:
                Forget(removed.Symbol);
                break;
        }

        return output;
    }

    private void Read(byte[] text)
    {
        counts.Add("messages");
        items.Clear();
        try
        {
            using var message = JsonDocument.Parse(text);
            exchange.Read(message.RootElement, items);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            counts.Add("malformed");
            telling.Malformed(e is ExchangeException or JsonException ? e.Message : "a value has the wrong type");
            if (e is JsonException) Keep(text);
            items.Clear(); // a message is processed as a whole or not at all
        }

        foreach (var item in items) Take(item);
    }

    /// <summary>Invalid JSON is also submitted to the engine, which stores it in the quarantine.</summary>
    private void Keep(byte[] text) =>
        output.Add(new MarketRecord(ExchangeChannel.Trades, "", -1, 0, new InboundMessage(unreadable, Epoch, ++unreadableCount, text)));

    private void Take(ExchangeItem item)
    {
        switch (item)
        {
            case NumberedItem numbered when requests.IsRead(numbered.Symbol):
                TakeNumbered(numbered);
                break;
            case TimedItem one when requests.IsRead(one.Symbol):
                TakeTimed(one);
                break;
            case CountedItem one when requests.IsRead(one.Symbol):
                Count(one.Channel, one.Symbol, one.Json);
                break;
            case NewestItem newest when requests.IsRead(newest.Symbol):
                var sequence = SequenceOf(ExchangeChannel.Trades, newest.Symbol);
                sequence.Expect(newest.Number);
                AskIfMissing(ExchangeChannel.Trades, newest.Symbol, sequence);
                break;
            case BookItem book when requests.IsRead(book.Symbol):
                TakeBook(book);
                break;
            case FaultItem fault:
                counts.Add("refusals");
                requests.Report(fault.Error, fault.Text);
                break;
            case ClosingItem:
                requests.Report(ExchangeError.Disconnected, "the exchange is about to close the connection");
                break;
        }
    }

    private void TakeNumbered(NumberedItem item)
    {
        var sequence = SequenceOf(item.Channel, item.Symbol);
        ready.Clear();
        switch (sequence.Offer(item, ready))
        {
            case SequenceVerdict.Repeat:
                counts.Add("repeats");
                telling.Repeat(item);
                break;
            case SequenceVerdict.Reordered:
                counts.Add("reordered");
                telling.Reordered(item);
                break;
        }

        HandOver();
        AskIfMissing(item.Channel, item.Symbol, sequence);
    }

    /// <summary>Requests missing items, once; gives them up if a request is not possible.</summary>
    private void AskIfMissing(ExchangeChannel channel, string symbol, ItemSequence sequence)
    {
        if (sequence.Missing is not { } missing)
        {
            asked.Remove((channel, symbol));
            return;
        }

        var isAsked = asked.TryGetValue((channel, symbol), out var before) && before.To >= missing.From;
        var count = sequence.MissingCount;
        if (!isAsked)
        {
            counts.Add("gaps");
            counts.Add("missing", count);
            telling.Gap(channel, symbol, missing.From, missing.To);
        }

        if (sequence.IsFull || count > options.MaxFill) GiveUp(channel, symbol, sequence);
        else if (!isAsked) Ask(channel, symbol, missing, sequence);
    }

    private void Ask(ExchangeChannel channel, string symbol, (long From, long To) missing, ItemSequence sequence)
    {
        var range = new FillRange(channel, symbol, missing.From, missing.To, sequence.LastNanoseconds);
        asked[(channel, symbol)] = range;
        requests.Fill(range);
    }

    private void TakeFilled(ItemsFilled filled)
    {
        var (channel, symbol) = (filled.Range.Channel, filled.Range.Symbol);
        if (!sequences.TryGetValue((channel, symbol), out var sequence)) return; // the symbol was removed meanwhile
        ready.Clear();
        var came = sequence.Fill(filled.Page.Items, Math.Min(filled.Page.CoveredTo, filled.Range.To), ready);
        counts.Add("filled", came);
        if (came > 0) telling.Filled(came, channel, symbol);
        HandOver();
        var isStillMissing = sequence.Missing is { } missing && missing.From <= filled.Range.To;
        if (filled.IsOver && isStillMissing) GiveUp(channel, symbol, sequence);
        if (filled.IsOver) asked.Remove((channel, symbol));
        AskIfMissing(channel, symbol, sequence);
    }

    private void GiveUp(ExchangeChannel channel, string symbol, ItemSequence sequence)
    {
        ready.Clear();
        var to = sequence.Missing?.To ?? 0;
        var lost = sequence.GiveUp(ready);
        asked.Remove((channel, symbol));
        counts.Add("lost", lost);
        telling.Lost(lost, channel, symbol, to);
        HandOver();
    }

    private void TakeTimed(TimedItem item)
    {
        var key = (item.Channel, item.Symbol);
        if (!timed.TryGetValue(key, out var sequence)) timed.Add(key, sequence = new TimedSequence(options.MaxHeld));
        if (sequence.Offer(item, readyTimed) && sequence.Missing is { } missing)
        {
            counts.Add("gaps");
            telling.Break(item.Channel, item.Symbol, missing.From, missing.To);
            requests.Fill(new FillRange(item.Channel, item.Symbol, missing.From, missing.To, 0));
        }
        else if (sequence.IsFull)
        {
            LoseTime(item.Channel, item.Symbol, sequence);
        }

        HandOverTimed();
    }

    private void TakeFilledTime(ItemsFilled filled)
    {
        var (channel, symbol) = (filled.Range.Channel, filled.Range.Symbol);
        if (!filled.IsOver || !timed.TryGetValue((channel, symbol), out var sequence) || sequence.Missing is not { } missing) return;
        if (missing.To > filled.Range.To)
        {
            requests.Fill(filled.Range with { To = missing.To }); // the connection broke again
            return;
        }

        if (filled.Page.IsTooMuch || filled.Page.CoveredTo < filled.Range.To)
        {
            LoseTime(channel, symbol, sequence);
        }
        else
        {
            var came = sequence.Fill(filled.Page.Timed, readyTimed);
            counts.Add("missing", came);
            counts.Add("filled", came);
            telling.Filled(came, channel, symbol);
        }

        HandOverTimed();
    }

    /// <summary>The number of lost items is unknown: the time range counts as one.</summary>
    private void LoseTime(ExchangeChannel channel, string symbol, TimedSequence sequence)
    {
        var (from, to) = sequence.Missing!.Value;
        sequence.GiveUp(readyTimed);
        counts.Add("lost");
        telling.LostTime(channel, symbol, from, to);
    }

    private void HandOverTimed()
    {
        foreach (var item in readyTimed) Count(item.Channel, item.Symbol, item.Json);
        readyTimed.Clear();
    }

    private void HandOver()
    {
        foreach (var item in ready)
        {
            output.Add(new MarketRecord(
                item.Channel, item.Symbol, item.Number, item.Nanoseconds,
                new InboundMessage(sources[(int)item.Channel], 0, item.Number, item.Json)));
        }

        ready.Clear();
    }

    private void Count(ExchangeChannel channel, string symbol, byte[] json) => output.Add(new MarketRecord(
        channel, symbol, -1, 0, new InboundMessage(sources[(int)channel], Epoch, ++counted[(int)channel], json)));

    private void TakeBook(BookItem item)
    {
        if (!options.Channels.Contains(ExchangeChannel.Books)) return;
        if (!books.TryGetValue(item.Symbol, out var book))
            books.Add(item.Symbol, book = new BookSync(options.Depth, exchange.HasBookRequests, exchange.BookDepth));
        changes.Clear();
        var verdict = book.Take(item, changes);
        if (item.IsSnapshot) counts.Add("book_snapshots");
        if (verdict == BookVerdict.Broken)
        {
            counts.Add("books_broken");
            telling.BookBroken(item.Symbol);
        }

        if (verdict is BookVerdict.Broken or BookVerdict.NeedsSnapshot) requests.Snapshot(item.Symbol);
        if (changes.Count == 0) return;
        var time = item.Time.Length > 0 ? item.Time : telling.Now();
        foreach (var (isBid, level) in changes) Count(ExchangeChannel.Books, item.Symbol, LineOf(item.Symbol, time, isBid, level));
    }

    private static byte[] LineOf(string symbol, string time, bool isBid, Level level) => Encoding.UTF8.GetBytes(
        $"{{\"kind\":\"book\",\"symbol\":{ExchangeJson.Quoted(symbol)},\"ts\":{time},\"side\":\"{(isBid ? "bid" : "ask")}\","
        + $"\"price\":{level.Price},\"quantity\":{level.Size}}}");

    /// <summary>
    /// Dropped trades are detected by their numbers. Dropped book updates are not always detected, so all books are synchronised again.
    /// </summary>
    private void TakeDropped(long count)
    {
        telling.Dropped(count);
        foreach (var sequence in timed.Values) sequence.Break();
        foreach (var (symbol, book) in books)
        {
            book.Lose();
            if (!exchange.HasBookRequests) requests.Snapshot(symbol);
        }
    }

    private void Forget(string symbol)
    {
        foreach (var channel in ExchangeChannels.All)
        {
            sequences.Remove((channel, symbol));
            asked.Remove((channel, symbol));
            timed.Remove((channel, symbol));
        }

        books.Remove(symbol);
    }

    private ItemSequence SequenceOf(ExchangeChannel channel, string symbol)
    {
        if (!sequences.TryGetValue((channel, symbol), out var sequence))
            sequences.Add((channel, symbol), sequence = new ItemSequence(exchange.StepOf(channel), options.MaxHeld));
        return sequence;
    }
}
