using ActorTrading.Domain.Folding;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Tests.Folding;

/// <summary>A record costs the same, however many sources its symbol has.</summary>
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
        for (var number = 0; number < count; number++) table.Of(Named(number)).Applied++;
        comparer.Comparisons = 0;
        var looks = 0;
        for (var number = 0; number < count; number += 1 + (count / 500))
        {
            Assert.Equal($"s{number}", table.Of(Named(number)).Source.Name); // of another object than the one heard
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
        for (var round = 1; round <= 3; round++)
        {
            for (var number = 99; number >= 0; number--) table.Of(Named(number)).Applied += 1 + number;
        }

        var writer = new StateWriter();
        table.Write(writer);
        var reader = new StateReader(writer.Written);
        var read = SourceTable.Read(ref reader);
        Assert.Equal(Enumerable.Range(0, 100).Reverse().Select(number => ($"s{number}", 3L * (1 + number))), Seen(read));
        read.Of(Named(7)).Applied++;
        read.Of(Named(100)).Late++;
        Assert.Equal((101, 25L, "s100"), (read.Entries.Length, read.Of(Named(7)).Applied, read.Entries[100].Source.Name));
    }

    private static Source Named(int number) => Source.Parse($"s{number}");

    private static List<(string, long)> Seen(SourceTable table)
    {
        var seen = new List<(string, long)>();
        foreach (var entry in table.Entries) seen.Add((entry.Source.Name, entry.Applied));
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
