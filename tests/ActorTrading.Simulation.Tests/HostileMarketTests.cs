using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.Simulation.Tests;

/// <summary>The generated market with disturbances: as frequent as requested, and predictable for tests.</summary>
public class HostileMarketTests
{
    private const int Count = 200_000;
    private static readonly MarketOptions Calm = new() { Kinds = KindMix.Everything, Ticks = Count, Symbols = 20 };

    [Fact]
    public void BadRecord_BreaksTheVeryRuleThatIsTold()
    {
        var seen = new HashSet<RejectReason>();
        foreach (var sent in Run(Calm with { Bad = 0.2 }))
        {
            Assert.Equal(sent.Fault, TickRules.Check(sent.Record, Limits.Default));
            seen.Add(sent.Fault);
        }

        // All reasons that a single record can have; the others concern text or the plan.
        RejectReason[] expected =
        [
            RejectReason.None, RejectReason.UnknownKind, RejectReason.BadSequence, RejectReason.TimeAbsurd, RejectReason.MissingField,
            RejectReason.NotFinite, RejectReason.OutOfRange, RejectReason.PriceNotPositive, RejectReason.SizeNegative,
            RejectReason.OhlcInconsistent, RejectReason.CrossedQuote, RejectReason.UnknownFrame, RejectReason.BadSide, RejectReason.BadText,
        ];
        Assert.Equal(expected.Order(), seen.Order());
    }

    [Fact]
    public void BadRecords_CanAllBeExplained() => Assert.All(
        Run(Calm with { Bad = 0.2 }).Where(sent => sent.Fault != RejectReason.None),
        sent => Assert.NotEqual("", TickRules.Explain(sent.Record, sent.Fault).Field));

    [Fact]
    public void Troubles_ComeAsOftenAsAsked()
    {
        var sent = Run(Calm with { Bad = 0.05, Duplicates = 0.1, Disorder = 0.03, Burst = 0.2 }).ToArray();
        var fresh = sent.Where(each => !each.IsResent).ToArray();
        Assert.InRange(sent.Count(each => each.IsResent), 0.09 * Count, 0.11 * Count);
        Assert.InRange(fresh.Count(each => each.Fault != RejectReason.None), 0.047 * fresh.Length, 0.053 * fresh.Length);
        Assert.InRange(fresh.Count(each => each.IsDelayed), 0.027 * fresh.Length, 0.03 * fresh.Length); // invalid ones are not late as well
    }

    [Fact]
    public void TakeTheResentAway_AndTheCalmMarketIsLeft()
    {
        var kept = Run(Calm with { Duplicates = 0.2 }).Where(sent => !sent.IsResent).Select(sent => sent.Record).ToArray();
        Assert.Equal(Hash(MarketGenerator.Generate(Calm).Take(kept.Length)), Hash(kept));
    }

    [Fact]
    public void WhatIsNotBad_IsTheCalmMarkets() => Assert.All(
        Run(Calm with { Bad = 0.3 }).Zip(MarketGenerator.Generate(Calm)),
        pair => Assert.Equal(pair.First.Fault == RejectReason.None, Hash([pair.First.Record]) == Hash([pair.Second])));

    [Fact]
    public void LateRecord_DiffersInItsStampOnly_AndByNoMoreThanTheDelay()
    {
        var options = Calm with { Disorder = 0.3, Delay = 2 * Timestamp.Second };
        foreach (var (sent, calm) in Run(options).Zip(MarketGenerator.Generate(Calm)))
        {
            Assert.Equal(Hash([calm]), Hash([sent.Record.At(calm.Time)]));
            var delay = calm.Time.Nanoseconds - sent.Record.Time.Nanoseconds;
            if (!sent.IsDelayed) Assert.Equal(0, delay);
            else if (calm.Kind == RecordKind.Bar) Assert.True(delay is Timestamp.Minute or 2 * Timestamp.Minute or 3 * Timestamp.Minute);
            else Assert.InRange(delay, 1, 2 * Timestamp.Second);
        }
    }

    [Fact]
    public void ResentRecord_IsACopyOfAGoodOne_AndNeverNewToItsSymbol()
    {
        var originals = new Dictionary<long, string>();
        var newest = new Dictionary<Symbol, long>();
        var (singles, stretches, length) = (0, 0, 0);
        foreach (var sent in Run(Calm with { Duplicates = 0.3, Bad = 0.1, Disorder = 0.1 }))
        {
            if (sent.IsResent)
            {
                Assert.Equal(originals[sent.Record.Id.Seq], Hash([sent.Record]));
                Assert.True(sent.Record.Id.Seq <= newest[sent.Record.Symbol]);
                length++;
                continue;
            }

            if (length == 1) singles++;
            else if (length > 1) stretches++;
            length = 0;
            if (sent.Fault != RejectReason.None) continue;
            Assert.True(sent.Record.Id.Seq > newest.GetValueOrDefault(sent.Record.Symbol));
            newest[sent.Record.Symbol] = sent.Record.Id.Seq;
            originals.Add(sent.Record.Id.Seq, Hash([sent.Record]));
        }

        Assert.True(singles > 1_000 && stretches > 1_000, $"{singles} single resends, {stretches} stretches");
    }

    [Fact]
    public void Silences_AreWholeMinutes_AndLostSeqsAreLost()
    {
        var options = Calm with { Kinds = KindMix.OnlyTicks, Gaps = 0.01 };
        var (silences, losses, last) = (0, 0, default(Record));
        foreach (var record in MarketGenerator.Generate(options))
        {
            if (last.Symbol is not null)
            {
                var pause = record.Time.Nanoseconds - last.Time.Nanoseconds;
                var lost = record.Id.Seq - last.Id.Seq - 1;
                Assert.True(lost is >= 0 and <= 1_000 && pause >= 0 && pause <= (3 * Timestamp.Hour) + (2 * options.Step));
                if (pause >= Timestamp.Minute) silences++;
                if (lost > 0) losses++;
            }

            last = record;
        }

        Assert.InRange(silences, 800, 1_200);
        Assert.InRange(losses, 800, 1_200);
    }

    [Fact]
    public void HoweverManySilences_NoGoodRecordIsStampedAbsurdly() => Assert.All(
        MarketGenerator.Generate(Calm with { Gaps = 1, Ticks = 2_000_000 }).Where((_, i) => i % 1_000 == 999 || i == 1_999_999),
        record => Assert.Equal(RejectReason.None, TickRules.Check(record, Limits.Default)));

    [Fact]
    public void Bursts_AreManyTicksOfOneSymbolAtOnce()
    {
        // A step is one second: a record within a millisecond of the previous one is part of a burst.
        var options = Calm with { Kinds = KindMix.OnlyTicks, Burst = 0.3, Step = Timestamp.Second, Symbols = 1_000 };
        var ticks = MarketGenerator.Generate(options).ToArray();
        var atOnce = ticks.Zip(ticks.Skip(1)).Where(pair => pair.First.Time == pair.Second.Time).ToArray();
        var nearly = ticks.Zip(ticks.Skip(1)).Where(pair =>
            pair.First.Time != pair.Second.Time && pair.Second.Time.Nanoseconds - pair.First.Time.Nanoseconds < 5_000).ToArray();
        Assert.InRange(atOnce.Length + nearly.Length, 0.25 * Count, 0.35 * Count);
        Assert.True(atOnce.Length > 0.1 * Count && nearly.Length > 0.1 * Count);
        var others = atOnce.Concat(nearly).Count(pair => pair.First.Symbol != pair.Second.Symbol);
        Assert.True(others < 0.03 * Count, $"{others} times the symbol changed: more than once a burst");
    }

    [Fact]
    public void Spikes_AreTenTimesOff_AndOnlyJustAfterAGoodTick()
    {
        var good = new Dictionary<Symbol, Record>();
        var spikes = 0;
        foreach (var sent in Run(Calm with { Kinds = KindMix.OnlyTicks, Spikes = 0.05 }))
        {
            if (sent.Fault == RejectReason.None)
            {
                good[sent.Record.Symbol] = sent.Record;
                continue;
            }

            spikes++;
            Assert.Equal(RejectReason.PriceSpike, sent.Fault);
            Assert.Equal(RejectReason.None, TickRules.Check(sent.Record, Limits.Default)); // only a plan's price band rejects it
            var last = good[sent.Record.Symbol];
            Assert.True(sent.Record.Time.Nanoseconds - last.Time.Nanoseconds < Timestamp.Minute);
            Assert.False((double)sent.Record.A / last.A is > 0.11 and < 9, $"{last.A} then {sent.Record.A}");
        }

        Assert.InRange(spikes, 0.047 * Count, 0.053 * Count);
    }

    [Fact]
    public void LedgerOfTheReceiver_CanBeForetold()
    {
        var (applied, duplicates, rejected) = (0, 0, 0);
        var (good, resent, bad) = (0, 0, 0);
        var newest = new Dictionary<Symbol, long>();
        foreach (var sent in Run(MarketOptions.Hostile with { Ticks = Count }))
        {
            if (sent.IsResent) resent++;
            else if (sent.Fault != RejectReason.None) bad++;
            else good++;

            if (TickRules.Check(sent.Record, Limits.Default) != RejectReason.None) rejected++;
            else if (sent.Record.Id.Seq <= newest.GetValueOrDefault(sent.Record.Symbol)) duplicates++;
            else
            {
                newest[sent.Record.Symbol] = sent.Record.Id.Seq;
                applied++;
            }
        }

        Assert.Equal((good, resent, bad), (applied, duplicates, rejected));
        Assert.Equal(Count, applied + duplicates + rejected);
        Assert.True(resent > 0 && bad > 0);
    }

    private static IEnumerable<Sent> Run(MarketOptions options)
    {
        var generator = new MarketGenerator(options);
        while (generator.TryNext(out var record))
            yield return new(record, generator.LastFault, generator.LastIsResent, generator.LastIsDelayed);
    }

    private static string Hash(IEnumerable<Record> records) => MarketGeneratorTests.Hash(records);

    private readonly record struct Sent(Record Record, RejectReason Fault, bool IsResent, bool IsDelayed);
}
