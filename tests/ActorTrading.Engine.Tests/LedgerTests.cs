using ActorTrading.Domain.Values;

namespace ActorTrading.Engine.Tests;

/// <summary>received = applied + duplicate + late + rejected.</summary>
public class LedgerTests
{
    [Fact]
    public void Line_IsBalanced_OnlyWhileEverythingReceivedIsAccountedFor()
    {
        var line = new Ledger().Of(Source.Anonymous);
        Assert.True(line.IsBalanced);
        line.Received = 10;
        Assert.False(line.IsBalanced);
        (line.Applied, line.Duplicate, line.Late, line.Rejected) = (4, 3, 2, 1);
        Assert.True(line.IsBalanced);
        line.Late++;
        Assert.False(line.IsBalanced);
    }

    [Fact]
    public void Lines_AreOrderedByName_OnePerSource()
    {
        var ledger = new Ledger();
        foreach (var name in new[] { "zurich", "amsterdam", "-", "zurich", "amsterdam" }) ledger.Of(Source.Parse(name)).Received++;
        Assert.Equal([("-", 1L), ("amsterdam", 2L), ("zurich", 2L)], ledger.Lines.Select(line => (line.Source.Name, line.Received)));
    }

    [Fact]
    public void Total_IsTheSumOfTheLines()
    {
        var ledger = new Ledger();
        foreach (var (name, factor) in new[] { ("a", 1), ("b", 100) })
        {
            var line = ledger.Of(Source.Parse(name));
            (line.Received, line.Applied, line.Duplicate, line.Late, line.Rejected) =
                (10 * factor, 4 * factor, 3 * factor, 2 * factor, factor);
        }

        var total = ledger.Total();
        Assert.Equal((1010, 404, 303, 202, 101), (total.Received, total.Applied, total.Duplicate, total.Late, total.Rejected));
        Assert.True(total.IsBalanced);
        Assert.Equal(2, ledger.Lines.Count());
    }
}
