
namespace ActorTrading.Simulation.Tests;

public class Xoshiro256Tests
{
    [Fact]
    public void Numbers_AreThoseOfTheReferenceImplementation()
    {
        // From the authors' C code, as also pinned by the crate rand_xoshiro (MIT, Apache-2.0).
        ulong[] expected =
        [
            11520, 0, 1509978240, 1215971899390074240, 1216172134540287360,
            607988272756665600, 16172922978634559625, 8476171486693032832, 10595114339597558777, 2904607092377533576,
        ];
        var random = new Xoshiro256(1, 2, 3, 4);
        Assert.Equal(expected, expected.Select(_ => random.Next()).ToArray());
    }

    [Fact]
    public void Below_StaysBelow_AndReachesEverything()
    {
        var random = new Xoshiro256(1, 0);
        var seen = new int[7];
        for (var i = 0; i < 70_000; i++) seen[random.Below(7)]++;
        Assert.All(seen, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 100_000, 100_000)]
    [InlineData(0.25, 24_500, 25_500)]
    public void Happens_AsOftenAsItsProbability(double probability, int least, int most)
    {
        var random = new Xoshiro256(1, 0);
        var odds = Xoshiro256.Odds(probability);
        Assert.InRange(Enumerable.Range(0, 100_000).Count(_ => random.Happens(odds)), least, most);
    }

    [Fact]
    public void Streams_OfOneSeed_AreNotAlike()
    {
        var first = new Xoshiro256(7, 0);
        var second = new Xoshiro256(7, 1);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.NotEqual(first.Next(), second.Next()));
    }
}
