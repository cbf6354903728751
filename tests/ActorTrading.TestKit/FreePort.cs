using ActorTrading.Engine;

namespace ActorTrading.TestKit;

/// <summary>Ports for programs that need to know theirs before they listen.</summary>
public static class FreePort
{
    private static readonly List<ReservedPort> Reserved = []; // until the tests end

    /// <summary>A free loopback port that no other test gets.</summary>
    public static int Next()
    {
        var port = ReservedPort.Any();
        lock (Reserved) Reserved.Add(port);
        return port.Number;
    }
}
