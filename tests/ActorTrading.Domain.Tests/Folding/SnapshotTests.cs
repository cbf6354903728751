using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.TestKit.Folding;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>The bytes of a state: canonical, and rejected when damaged.</summary>
public class SnapshotTests
{
    private static readonly SymbolPlan SmallPlan =
        new(Plan.Parse("""{"frames":["1min","5min"],"indicators":["sma(2)","vwap"],"rules":["buy when close > sma(2)"]}""").Settings);

    [Fact]
    public void BytesWrittenReadAndWritten_AreTheSame()
    {
        foreach (var state in new[] { Busy(), Economy() })
        {
            var bytes = BytesOf(state);
            Assert.Equal(bytes, BytesOf(SymbolState.Read(bytes, state.Plan)));
            Assert.Equal(state.Symbol, SymbolState.Read(bytes, state.Plan).Symbol);
        }

        Assert.Same(Symbol.Economy, SymbolState.Read(BytesOf(Economy()), SmallPlan).Symbol);
    }

    [Fact]
    public void EveryTruncation_IsRefused()
    {
        foreach (var state in new[] { Busy(), Economy() })
        {
            var bytes = BytesOf(state);
            for (var length = 0; length < bytes.Length; length++)
            {
                var cut = bytes[..length];
                Assert.Throws<StateFormatException>(() => SymbolState.Read(cut, state.Plan));
            }

            Assert.Throws<StateFormatException>(() => SymbolState.Read([.. bytes, 0], state.Plan));
        }
    }

    [Fact]
    public void EveryFlippedBit_IsRefused_OrMakesAState_AndCostsLittleMemory()
    {
        var (refused, read) = (0, 0);
        foreach (var state in new[] { Busy(), Economy() })
        {
            var bytes = BytesOf(state);
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    SymbolState.Read(bytes, state.Plan);
                    read++;
                }
                catch (StateFormatException)
                {
                    refused++;
                }

                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(refused > 500 && read > 500, $"{refused} refused, {read} read");
    }

    [Fact]
    public void RandomBytes_AreRefused()
    {
        var random = new Random(1);
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (bytes.Length > 0 && random.Next(2) == 0) bytes[0] = 1; // only the version is right
            Assert.Throws<StateFormatException>(() => SymbolState.Read(bytes, SmallPlan));
        }
    }

    [Theory]
    [InlineData(9, "a text of")] // after version and length of the symbol: the length of its name
    [InlineData(0, "version")]
    public void Refusal_SaysWhatIsWrong(int position, string message)
    {
        var bytes = BytesOf(Busy());
        bytes[position == 9 ? 4 : position] = 0x7f;
        Assert.Contains(
            message, Assert.Throws<StateFormatException>(() => SymbolState.Read(bytes, SmallPlan)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SnapshotOfAnotherPlan_IsRefused()
    {
        var other = new SymbolPlan(Plan.Parse("""{"frames":["1min","5min"],"indicators":["sma(3)","vwap"]}""").Settings);
        Assert.Contains(
            "words", Assert.Throws<StateFormatException>(() => SymbolState.Read(BytesOf(Busy()), other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PlanCompiledTwice_ReadsTheSameBytes()
    {
        var state = Busy();
        var again = new SymbolPlan(SmallPlan.Settings);
        Assert.Equal(StateHash.Of(state), StateHash.Of(SymbolState.Read(BytesOf(state), again)));
    }

    [Fact]
    public void HashOfMany_DoesNotDependOnTheirOrder_ButOnEachOfThem()
    {
        var busy = KeyValuePair.Create(Symbol.Parse("AAPL"), StateHash.Of(Busy()));
        var economy = KeyValuePair.Create(Symbol.Economy, StateHash.Of(Economy()));
        var empty = KeyValuePair.Create(Symbol.Parse("AAPL"), StateHash.Of(new SymbolState(Symbol.Parse("AAPL"), SmallPlan)));
        Assert.Equal(StateHash.Of([busy, economy]), StateHash.Of([economy, busy]));
        Assert.NotEqual(StateHash.Of([busy, economy]), StateHash.Of([empty, economy]));
        Assert.NotEqual(StateHash.Of([busy]), busy.Value);
    }

    [Fact]
    public void Hash_IsThatOfTheBytes()
    {
        var state = Busy();
        var expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BytesOf(state)));
        Assert.Equal(expected, StateHash.Of(state).ToString());
        Assert.Equal(expected[..16], StateHash.Of(state).Short);
    }

    private static byte[] BytesOf(SymbolState state)
    {
        var writer = new StateWriter();
        state.Write(writer);
        return writer.Written.ToArray();
    }

    private static SymbolState Busy()
    {
        var state = new SymbolState(HostileMarkets.Symbols[0], SmallPlan);
        foreach (var record in HostileMarkets.Records(seed: 5, count: 1_500, step: 3 * Timestamp.Second))
        {
            if (record.Symbol.Equals(state.Symbol) && Fold.Decide(state, record).Verdict == Verdict.Accepted)
                Fold.Apply(state, record, NoOutput.Instance);
        }

        Assert.True(state is { Level1: not null, Level2: not null, TimeAndSales: not null, News: not null, Fundamentals: not null });
        return state;
    }

    private static SymbolState Economy()
    {
        var state = new SymbolState(Symbol.Economy, SmallPlan);
        foreach (var name in new[] { "cpi", "gdp", "unemployment" })
            Fold.Apply(
                state, Domain.Records.Record.OfEconomicIndicator(new Identity(Source.Parse("bls"), 1, 2), Tape.At("10:00:00"), name, 2.5),
                NoOutput.Instance);
        return state;
    }
}
