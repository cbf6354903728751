using ActorTrading.TestKit;

namespace ActorTrading.Deployment.Tests;

/// <summary>The files of the repository.</summary>
internal static class Repository
{
    public static string PathOf(string path) => Path.Combine(ReferenceData.RepositoryFolder(), path);

    public static string Read(string path) => File.ReadAllText(PathOf(path));
}
