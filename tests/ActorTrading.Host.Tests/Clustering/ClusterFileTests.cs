using System.Diagnostics;
using ActorTrading.Host.Clustering;

namespace ActorTrading.Host.Tests.Clustering;

public sealed class ClusterFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("actortrading-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void File_IsReadAsItWasWritten_AndTellsAProcessFromALaterOneWithItsId()
    {
        using var self = Process.GetCurrentProcess();
        var alive = new ClusterMember(
            1, self.Id, self.StartTime.ToUniversalTime(), "127.0.0.1:4053", "127.0.0.1:9999", "http://127.0.0.1:5000", true);
        var gone = alive with { Number = 2, Started = alive.Started.AddHours(-1) };
        new ClusterFile(DateTime.UtcNow, self.Id, [alive, gone]).Write(folder);

        var read = ClusterFile.Read(folder);
        Assert.Equal([alive, gone], read.Nodes);
        Assert.Equal(alive, read.Running(1));
        Assert.Equal(ExitCode.NoNode, Assert.Throws<CommandException>(() => read.Running(2)).ExitCode);
        Assert.Equal(ExitCode.Usage, Assert.Throws<CommandException>(() => read.Running(3)).ExitCode);
    }

    [Fact]
    public void FolderWithoutACluster_SaysSo_AndARequestIsHeardOnce()
    {
        Assert.Equal(ExitCode.NoNode, Assert.Throws<CommandException>(() => ClusterFile.Read(folder)).ExitCode);
        Assert.False(ClusterFile.TakeRequest(folder));
        ClusterFile.AskForNode(folder);
        Assert.True(ClusterFile.TakeRequest(folder));
        Assert.False(ClusterFile.TakeRequest(folder));
    }
}
