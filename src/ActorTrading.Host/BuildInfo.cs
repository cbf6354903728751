using System.Reflection;

namespace ActorTrading.Host;

/// <summary>Version information of this executable.</summary>
internal static class BuildInfo
{
    /// <summary>The version, with the commit when the build provides it: <c>0.1.0+feeafd2…</c>.</summary>
    public static string Version { get; } = typeof(BuildInfo).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The Akka.NET version that the cluster engine was built with.</summary>
    public static string AkkaVersion => Cluster.AkkaVersion.BuiltWith;

    /// <summary>The output line of <c>--version</c>.</summary>
    public static string Line { get; } =
        $"actortrading {Version}, engines: cluster (Akka.NET {AkkaVersion}), embedded";
}
