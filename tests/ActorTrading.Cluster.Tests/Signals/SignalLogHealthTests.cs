using ActorTrading.Cluster.Messages;
using ActorTrading.Cluster.Signals;
using ActorTrading.TestKit.Ingest;

namespace ActorTrading.Cluster.Tests.Signals;

public sealed class SignalLogHealthTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void WhatIsToldAgainAndAgain_Stays_AndWhatIsNot_IsForgotten()
    {
        var health = new SignalLogHealth(time);
        Assert.Null(health.Fault);
        for (var told = 0; told < 3; told++)
        {
            health.Take(new SignalLogFault(7, "the signal is missing"));
            time.Advance(SignalLogHealth.KeptFor - TimeSpan.FromSeconds(1));
            Assert.Equal(
                ("administrator", 7, "the signal is missing"),
                (health.Fault!.PersistenceId, health.Fault.SequenceNumber, health.Fault.Fault));
        }

        time.Advance(TimeSpan.FromSeconds(2)); // who told of it has died
        Assert.Null(health.Fault);
    }

    [Fact]
    public void WhatIsRepaired_IsForgottenAtOnce()
    {
        var health = new SignalLogHealth(time);
        health.Take(new SignalLogFault(7, "the signal is missing"));
        health.Take(new SignalLogFault(0, ""));
        Assert.Null(health.Fault);
    }
}
