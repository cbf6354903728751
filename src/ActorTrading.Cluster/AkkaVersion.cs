using System.Reflection;

namespace ActorTrading.Cluster;

/// <summary>The Akka.NET that this build was made with.</summary>
public static class AkkaVersion
{
    /// <summary>Its package version, such as <c>1.5.30</c>: what the build's <c>1.5.*</c> resolved to.</summary>
    public static string BuiltWith { get; } = typeof(AkkaVersion).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == nameof(AkkaVersion)).Value!;
}
