using System.Reflection;
using Xunit;

namespace ActorTrading.TestKit;

/// <summary>Arrows between the projects point one way: Host, Cluster, Connectors, Engine, Wire, Calendars, Domain.</summary>
public static class Layering
{
    /// <summary>Fails where an assembly references anything but the framework and what begins with one of the given names.</summary>
    public static void ReferencesOnly(string assembly, params string[] allowed)
    {
        string[] prefixes = ["System", .. allowed];
        var strangers = Assembly.Load(assembly).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => !prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
        Assert.Empty(strangers);
    }
}
