using ActorTrading.Lab.Fuzzing.Targets;

namespace ActorTrading.Lab.Fuzzing;

/// <summary>All fuzz targets.</summary>
internal static class FuzzTargets
{
    private static readonly Dictionary<string, Func<FuzzTarget>> Makers = new()
    {
        [TcpTarget.Called] = () => new TcpTarget(),
        [HttpBodyTarget.Called] = () => new HttpBodyTarget(),
        [HttpGzipTarget.Called] = () => new HttpGzipTarget(),
        [HttpPlanTarget.Called] = () => new HttpPlanTarget(),
        [HttpExclusionTarget.Called] = () => new HttpExclusionTarget(),
        [HttpQueryTarget.Called] = () => new HttpQueryTarget(),
        [WebSocketTarget.Called] = () => new WebSocketTarget(),
        [BinaryTarget.Called] = () => new BinaryTarget(),
        [SerializerTarget.Called] = () => new SerializerTarget(),
        [SerializerAkkaTarget.Called] = () => new SerializerAkkaTarget(),
        [PortSubscriberTarget.Called] = () => new PortSubscriberTarget(),
        [PortNodeTarget.Called] = () => new PortNodeTarget(),
        [TextLinesTarget.Called] = () => new TextLinesTarget(),
        [TextRulesTarget.Called] = () => new TextRulesTarget(),
        [TextAccessTarget.Called] = () => new TextAccessTarget(),
    };

    /// <summary>The names of all targets.</summary>
    public static IReadOnlyCollection<string> Names => Makers.Keys;

    /// <summary>The names of all groups.</summary>
    public static IReadOnlyList<string> Groups => [.. Makers.Keys.Select(name => name.Split('-')[0]).Distinct()];

    /// <summary>Creates a target.</summary>
    public static FuzzTarget Make(string name) => Makers[name]();

    /// <summary>The target names of a group or a name; empty for an unknown one.</summary>
    public static IReadOnlyList<string> Of(string name) => [.. Makers.Keys.Where(each => each == name || each.Split('-')[0] == name)];
}
