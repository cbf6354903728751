using System.Diagnostics;
using ActorTrading.Host.Clustering;
using ActorTrading.TestKit;

namespace ActorTrading.Host.Tests.Clustering;

public sealed class ClusterFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void File_IsReadAsItWasWritten_AndTellsAProcessFromALaterOneWithItsId()
    {
        using var self = Process.GetCurrentProcess();
        var alive = new ClusterMember(
            1, self.Id, self.StartTime.ToUniversalTime(), "127.0.0.1:4053", "127.0.0.1:9999", "http://127.0.0.1:5000", true);
        var gone = alive with { Number = 2, Started = alive.Started.AddHours(-1) };
        new ClusterFile(DateTime.UtcNow, self.Id, [alive, gone]).Write(folder.Path);

        var read = ClusterFile.Read(folder.Path);
        Assert.Equal([alive, gone], read.Nodes);
        Assert.Equal(alive, read.Running(1));
        Assert.Equal(ExitCode.NoNode, Assert.Throws<CommandException>(() => read.Running(2)).ExitCode);
        Assert.Equal(ExitCode.Usage, Assert.Throws<CommandException>(() => read.Running(3)).ExitCode);
    }

    [Fact]
    public void FolderWithoutACluster_SaysSo_AndARequestIsHeardOnce()
    {
        Assert.Equal(ExitCode.NoNode, Assert.Throws<CommandException>(() => ClusterFile.Read(folder.Path)).ExitCode);
        Assert.False(ClusterFile.TakeRequest(folder.Path));
        ClusterFile.AskForNode(folder.Path);
        Assert.True(ClusterFile.TakeRequest(folder.Path));
        Assert.False(ClusterFile.TakeRequest(folder.Path));
    }
}
