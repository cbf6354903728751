using System.Reflection;

namespace ActorTrading.Cluster;

/// <summary>The version of Akka.NET that this build uses.</summary>
public static class AkkaVersion
{
    /// <summary>Package version, e.g. <c>1.5.73</c>.</summary>
    public static string BuiltWith { get; } = typeof(AkkaVersion).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == nameof(AkkaVersion)).Value!;
}
