using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>The cost of a record does not depend on the number of its symbol's sources.</summary>
public class SourceTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(20_000)]
    public void LookUp_ComparesAFewSources_HoweverManyThereAre(int count)
    {
        var comparer = new CountingComparer();
        var table = new SourceTable(comparer);
        for (var number = 0; number < count; number++) table.Apply(Of(number), inTime: true);
        comparer.Comparisons = 0;
        var looks = 0;
        for (var number = 0; number < count; number += 1 + (count / 500))
        {
            Assert.Equal($"s{number}", table.Of(Named(number)).Source.Name); // of another object than the one received
            Assert.True(table.IsNew(new Identity(Named(count + number), 0, 1)));
            looks += 2;
        }

        Assert.InRange(comparer.Comparisons, 0, 8 * looks);
        Assert.Equal(count, table.Entries.Length);
    }

    [Fact]
    public void ManySources_KeepTheirOrderAndTheirCounts_InTheBytesOfTheState()
    {
        var table = new SourceTable();
        for (var round = 0; round < 300; round++)
        {
            for (var number = 99; number >= 0; number--)
            {
                if (round <= 2 * number) table.Apply(Of(number), inTime: round % 3 > 0);
            }
        }

        var writer = new StateWriter();
        table.Write(writer);
        var reader = new StateReader(writer.Written);
        var read = SourceTable.Read(ref reader);
        Assert.Equal(Enumerable.Range(0, 100).Reverse().Select(number => ($"s{number}", (2L * number) + 1)), Seen(read));
        Assert.Equal((10_000L, table.Applied, table.Late), (read.Applied + read.Late, read.Applied, read.Late));
        read.Apply(Of(7), inTime: true);
        read.Apply(Of(100), inTime: false);
        Assert.Equal((101, "s100", 16L), (read.Entries.Length, read.Entries[100].Source.Name, Seen(read)[92].Item2));
        Assert.Equal((table.Applied + 1, table.Late + 1), (read.Applied, read.Late));
    }

    private static Identity Of(int number) => Identity.Anonymous with { Source = Named(number) };

    private static Source Named(int number) => Source.Parse($"s{number}");

    private static List<(string, long)> Seen(SourceTable table)
    {
        var seen = new List<(string, long)>();
        foreach (var entry in table.Entries) seen.Add((entry.Source.Name, entry.Applied + entry.Late));
        return seen;
    }

    private sealed class CountingComparer : IEqualityComparer<Source>
    {
        public int Comparisons { get; set; }

        public bool Equals(Source? left, Source? right)
        {
            Comparisons++;
            return left!.Equals(right);
        }

        public int GetHashCode(Source source) => source.GetHashCode();
    }
}
