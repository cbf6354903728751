using System.Globalization;
using ActorTrading.Connectors.Exchanges.Adapters;
using ActorTrading.Connectors.Exchanges.Books;

namespace ActorTrading.Connectors.Tests.Exchanges;

/// <summary>Updates and snapshots give the best levels of the order book, in any order.</summary>
public sealed class OrderBookTests
{
    [Fact]
    public void Changes_MakeTheBestLevels_OfABookThatIsKeptSlowly()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var book = new OrderBook(depth: 4);
            var told = (Bids: new Dictionary<string, string>(), Asks: new Dictionary<string, string>());
            var real = (Bids: new SortedDictionary<int, int>(), Asks: new SortedDictionary<int, int>());
            for (var round = 0; round < 60; round++)
            {
                var isSnapshot = round == 0 || random.Next(12) == 0;
                if (isSnapshot) (real.Bids, real.Asks) = ([], []);
                var bids = Enumerable.Range(0, random.Next(isSnapshot ? 9 : 4))
                    .Select(_ => (Price: random.Next(90, 100), Size: random.Next(isSnapshot ? 1 : 0, 4))).ToList();
                var asks = Enumerable.Range(0, random.Next(isSnapshot ? 9 : 4))
                    .Select(_ => (Price: random.Next(100, 110), Size: random.Next(isSnapshot ? 1 : 0, 4))).ToList();
                Apply(real.Bids, bids);
                Apply(real.Asks, asks);
                var item = new BookItem("A", isSnapshot, "", [.. bids.Select(Level)], [.. asks.Select(Level)]);
                if (isSnapshot) book.Reset(item);
                else book.Apply(item);
                foreach (var (isBid, level) in book.Changes())
                {
                    var side = isBid ? told.Bids : told.Asks;
                    if (decimal.Parse(level.Size, CultureInfo.InvariantCulture) == 0) Assert.True(side.Remove(level.Price));
                    else side[level.Price] = level.Size;
                    Assert.True(side.Count <= 4 || told.Bids.Count <= 4, "what goes comes first");
                }

                Assert.Equal(real.Bids.Reverse().Take(4).Select(Text), told.Bids.Select(Text).OrderDescending(StringComparer.Ordinal));
                Assert.Equal(real.Asks.Take(4).Select(Text), told.Asks.Select(Text).Order(StringComparer.Ordinal));
            }
        }
    }

    [Fact]
    public void Checksum_IsTheOneThatKrakenDocuments()
    {
        // CRC-32 of "123456789", the check value of the algorithm in every catalogue of such sums.
        var sum = new Crc32();
        sum.Add("1234");
        sum.Add("56789");
        Assert.Equal(0xCBF43926u, sum.Value);
    }

    [Fact]
    public void NumberedBook_AsksAgain_WhereItsSnapshotIsTooOld_OrAnUpdateIsMissing()
    {
        var book = new BookSync(depth: 5, isNumbered: true, exchangeDepth: null);
        var changes = new List<BookChange>();
        Assert.Equal(BookVerdict.NeedsSnapshot, book.Take(Update(10, 12), changes));
        Assert.Equal(BookVerdict.Waiting, book.Take(Update(13, 13), changes));
        Assert.Equal(BookVerdict.NeedsSnapshot, book.Take(Snapshot(7), changes)); // 8 and 9 are missing
        Assert.Empty(changes);
        Assert.Equal(BookVerdict.UpToDate, book.Take(Snapshot(11), changes));
        Assert.NotEmpty(changes);
        Assert.Equal(BookVerdict.UpToDate, book.Take(Update(12, 13), changes)); // no change
        Assert.Equal(BookVerdict.UpToDate, book.Take(Update(14, 14), changes));
        Assert.Equal(BookVerdict.Broken, book.Take(Update(16, 16), changes));
        Assert.Equal(BookVerdict.Waiting, book.Take(Update(17, 17), changes));
        book.Fail(); // the request for a snapshot
        Assert.Equal(BookVerdict.NeedsSnapshot, book.Take(Update(18, 18), changes));
        Assert.Equal(BookVerdict.UpToDate, book.Take(Snapshot(17), changes));
    }

    private static BookItem Update(long first, long last) => new("A", false, "", [new Level("1", "2")], []) { First = first, Last = last };

    private static BookItem Snapshot(long last) =>
        new("A", true, "", [new Level("1", "1")], [new Level("2", "1")]) { First = last, Last = last };

    private static void Apply(SortedDictionary<int, int> side, List<(int Price, int Size)> levels)
    {
        foreach (var (price, size) in levels)
        {
            if (size == 0) side.Remove(price);
            else side[price] = size;
        }
    }

    private static Level Level((int Price, int Size) level) => new($"{level.Price:000}.50", $"{level.Size}.0");

    private static string Text(KeyValuePair<int, int> level) => $"{level.Key:000}.50 {level.Value}.0";

    private static string Text(KeyValuePair<string, string> level) => $"{level.Key} {level.Value}";
}
