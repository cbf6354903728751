namespace ActorTrading.Connectors.Tests.Exchanges;

/// <summary>Each recorded session gives the same state as a file of its records.</summary>
public sealed class RecordedSessionTests
{
    public static TheoryData<string> Names => new(RecordedSession.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Session_EndsInTheStateOfTheSameRecordsReadFromAFile(string name)
    {
        var session = RecordedSession.Read(name);
        await using var run = await ExchangeRun.StartAsync(session);
        await run.AssertSameAsFileAsync();
        Assert.Equal(session.Counts.GetValueOrDefault("books_broken") > 0, run.Log.Has("is out of sync"));
        foreach (var (count, value) in session.Counts) Assert.Equal((count, value), (count, run.Connector.Counts[count]));
        Assert.Equal(ConnectorPhase.Running, run.Connector.Status.Phase);
        Assert.Equal(session.Expected.Count, run.Connector.Status.Messages);
    }
}
