using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.TestKit.Folding;
using Xunit;
using Record = ActorTrading.Domain.Records.Record;

namespace ActorTrading.TestKit.Engines;

/// <summary>Records in other units than their instruments.</summary>
public abstract partial class EngineConformance
{
    private const long Finer = 1_000_000; // eight decimals to fourteen

    [Fact]
    public async Task RecordsInUnitsOfTheirOwn_AreRoundedAndCountedAsInTheBacktest_AlsoAfterACrash()
    {
        var plan = TestPlans.All["twelve decimals and four"];
        var inputs = HostileMarkets.Stream(seed: 9, count: 1_500, step: 2 * Timestamp.Second)
            .Select((input, i) => input.Clock is null && i % 3 > 0 ? Input.Of(InFinerUnits(input.Record, noise: i % 3 - 1)) : input)
            .ToList();
        var (market, log) = EngineReading.MarketOf(plan, inputs);
        var engine = await OpenAsync(plan);
        await EngineReading.SendAsync(engine, inputs, 70);
        await EngineReading.AssertSameAsync(engine, market, log);
        Assert.Equal(market.Ledger.Lines.Select(Line), (await engine.LedgerAsync()).Select(Line));
        var total = market.Ledger.Total();
        Assert.True(
            total.Rounded > 100 && total.Rounded < total.Applied + total.Late, $"{total.Rounded} of {total.Applied} + {total.Late}");
        await CrashAsync(engine);

        engine = await OpenAsync(plan);
        await EngineReading.AssertSameAsync(engine, market, log);
        await engine.DisposeAsync();

        static string Line(LedgerLine line) =>
            $"{line.Source}: {line.Received} = {line.Applied} + {line.Duplicate} + {line.Late} + {line.Rejected}, {line.Rounded} rounded";
    }

    /// <summary>The same record with prices of fourteen decimals; the noise changes the last ones.</summary>
    private static Record InFinerUnits(Record record, int noise)
    {
        if (record.Kind > RecordKind.Print) return record;
        var isBar = record.Kind == RecordKind.Bar;
        return Record.Of(
            record.Kind, record.Symbol, record.Id, record.Time, Price(record.A), isBar ? Price(record.B) : record.B,
            record.Kind == RecordKind.Quote || isBar ? Price(record.C) : record.C, isBar ? Price(record.D) : record.D, record.E,
            record.Frame, record.Side, record.Text)
            .In(new Units(14, 8));

        long Price(long units) => units == 0 ? 0 : (units * Finer) + noise;
    }
}
