using ActorTrading.Connectors.Exchanges;
using ActorTrading.Connectors.Exchanges.Adapters;
using ActorTrading.Connectors.Exchanges.Sequences;

namespace ActorTrading.Connectors.Tests.Exchanges;

/// <summary>Numbered items are delivered in order, each once, whatever order they arrive in.</summary>
public sealed class ItemSequenceTests
{
    private readonly List<NumberedItem> ready = [];

    [Theory]
    [InlineData(1)]
    [InlineData(60_000)]
    public void NumbersInAnyOrder_ComeOutInTheirs(int step)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var sequence = new ItemSequence(step, maxHeld: 1_000);
            ready.Clear();
            var numbers = Enumerable.Range(0, 40).Select(i => 1_000L + (i * step)).ToList();
            var sent = numbers[1..].OrderBy(_ => random.Next()).ToList();
            var missing = sent.Where(_ => random.Next(4) == 0).ToHashSet();
            sequence.Offer(Item(numbers[0]), ready);
            foreach (var number in sent.Where(number => !missing.Contains(number)))
            {
                sequence.Offer(Item(number), ready);
                if (random.Next(3) == 0) sequence.Offer(Item(number), ready); // a duplicate
                AssertAscending();
            }

            // Requested items arrive in parts, some for the second time.
            while (sequence.Missing is { } gap)
            {
                var to = Math.Min(gap.To, gap.From + (random.Next(3) * step));
                sequence.Fill([.. numbers.Where(number => number >= gap.From && number <= to).Select(Item)], to, ready);
                AssertAscending();
                if (sequence.Held == 0) break;
            }

            var last = sequence.Last!.Value;
            Assert.Equal(numbers.Where(number => number <= last), ready.Select(item => item.Number));
            Assert.Equal(0, sequence.Held);
        }
    }

    [Fact]
    public void NumbersThatDoNotExist_ArePassedOver_AndThoseBehindThemStayMissing()
    {
        var sequence = new ItemSequence(1, 100);
        sequence.Offer(Item(5), ready);
        Assert.Equal(SequenceVerdict.Held, sequence.Offer(Item(9), ready));
        Assert.Equal((6, 8), sequence.Missing);
        Assert.Equal(SequenceVerdict.Held, sequence.Offer(Item(12), ready));
        Assert.Equal(((6, 11), 5), (sequence.Missing, sequence.MissingCount));
        Assert.Equal(1, sequence.Fill([Item(7)], coveredTo: 8, ready)); // there is no 6 and no 8
        Assert.Equal([5, 7, 9], ready.Select(item => item.Number));
        Assert.Equal(((10, 11), 2), (sequence.Missing, sequence.MissingCount));
        Assert.Equal(2, sequence.GiveUp(ready));
        Assert.Equal([5, 7, 9, 12], ready.Select(item => item.Number));
        Assert.Null(sequence.Missing);
        Assert.Equal(SequenceVerdict.Repeat, sequence.Offer(Item(10), ready));
    }

    [Fact]
    public void NewestNumber_ThatIsOnlyToldOf_IsMissing_UntilItComesOrIsGivenUp()
    {
        var sequence = new ItemSequence(1, 100);
        sequence.Expect(3);
        Assert.Null(sequence.Missing); // nothing can be missing before the first
        sequence.Offer(Item(5), ready);
        sequence.Expect(5);
        Assert.Null(sequence.Missing);
        sequence.Expect(7);
        Assert.Equal((6, 7), sequence.Missing);
        Assert.Equal(SequenceVerdict.Reordered, sequence.Offer(Item(6), ready));
        Assert.Equal((7, 7), sequence.Missing);
        Assert.Equal(1, sequence.GiveUp(ready));
        Assert.Null(sequence.Missing);
        Assert.Equal(SequenceVerdict.Next, sequence.Offer(Item(8), ready));
    }

    [Fact]
    public void TooManyThatAreHeld_AreNoticed()
    {
        var sequence = new ItemSequence(1, maxHeld: 3);
        sequence.Offer(Item(1), ready);
        for (var number = 3; number <= 5; number++) sequence.Offer(Item(number), ready);
        Assert.False(sequence.IsFull);
        sequence.Offer(Item(6), ready);
        Assert.True(sequence.IsFull);
        Assert.Equal(1, sequence.GiveUp(ready));
        Assert.Equal([1, 3, 4, 5, 6], ready.Select(item => item.Number));
    }

    private static NumberedItem Item(long number) => new(ExchangeChannel.Trades, "A", number, []);

    private void AssertAscending()
    {
        for (var i = 1; i < ready.Count; i++)
            Assert.True(ready[i].Number > ready[i - 1].Number, string.Join(' ', ready.Select(item => item.Number)));
    }
}
