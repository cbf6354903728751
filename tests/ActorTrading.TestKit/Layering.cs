using System.Reflection;
using Xunit;

namespace ActorTrading.TestKit;

/// <summary>
/// Checks that references between the projects point in one direction: Host, Cluster, Connectors, Engine, Wire, Calendars, Domain.
/// </summary>
public static class Layering
{
    /// <summary>
    /// Fails if an assembly references anything but the framework and assemblies whose names begin with one of the given ones.
    /// </summary>
    public static void ReferencesOnly(string assembly, params string[] allowed)
    {
        string[] prefixes = ["System", .. allowed];
        var strangers = Assembly.Load(assembly).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => !prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
        Assert.Empty(strangers);
    }
}
