using System.Reflection;

namespace ActorTrading.Host;

/// <summary>What this executable was built from.</summary>
internal static class BuildInfo
{
    /// <summary>The version, with the commit where the build knew it: <c>0.1.0+feeafd2…</c>.</summary>
    public static string Version { get; } = typeof(BuildInfo).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The Akka.NET version of the cluster engine.</summary>
    public static string AkkaVersion => Cluster.AkkaVersion.BuiltWith;

    /// <summary>One line for <c>--version</c>.</summary>
    public static string Line { get; } =
        $"actortrading {Version}, engines: cluster (Akka.NET {AkkaVersion}), embedded";
}
