using System.Text.Json;
using ActorTrading.TestKit;

namespace ActorTrading.Deployment.Tests.Pods;

/// <summary>
/// The image, built from the unchanged docker/Dockerfile on locally created base images (docker/build-without-registry.sh), and unpacked.
/// The variable <see cref="Variable"/> can name the folder of an image built before.
/// </summary>
public sealed class ContainerImage : IAsyncLifetime
{
    /// <summary>The environment variable with the folder of a built image.</summary>
    public const string Variable = "ACTORTRADING_IMAGE";

    /// <summary>The tests that share the image, and run one after another.</summary>
    public const string Collection = "image";

    private readonly string folder = Environment.GetEnvironmentVariable(Variable)
        ?? Directory.CreateTempSubdirectory("actortrading-image-").FullName;
    private JsonElement config;
    private string? missing;

    /// <summary>The root of the image's file system.</summary>
    public string Root => Path.Combine(folder, "rootfs");

    /// <summary>The image's variables.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables =>
        config.GetProperty("Env").EnumerateArray().Select(variable => variable.GetString()!.Split('=', 2))
            .Select(variable => new KeyValuePair<string, string>(variable[0], variable[1]));

    /// <summary>The image's program.</summary>
    public IEnumerable<string> Entrypoint => Texts("Entrypoint");

    /// <summary>The default arguments of the program.</summary>
    public IEnumerable<string> Command => Texts("Cmd");

    /// <summary>The image's configuration.</summary>
    public JsonElement Config => config;

    /// <summary>Skips a test if the image cannot be built because a program is missing.</summary>
    public void Require() => Skip.If(missing is not null, missing);

    public async Task InitializeAsync()
    {
        try
        {
            LongTests.SkipInShortRun(); // the build of the image compiles the product once more
            Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "an image is built and run as root on Linux only");
            foreach (var program in (string[])["buildah", "mmdebstrap", "ip", "unshare", "setpriv", "chroot"]) Tools.Find(program);
            var probe = await Tools.RunAsync("unshare", "--mount", "true");
            Skip.If(probe.ExitCode != 0, $"no mount namespaces here: {probe.Error.Trim()}");
        }
        catch (SkipException exception)
        {
            missing = exception.Message;
            return;
        }

        if (!Directory.Exists(Root)) await Tools.OutputAsync("bash", Repository.PathOf("docker/build-without-registry.sh"), folder);
        using var read = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "config.json")));
        config = read.RootElement.GetProperty("Docker").GetProperty("config").Clone();
    }

    public async Task DisposeAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null) return;
        await Tools.RunAsync("rm", "-rf", folder); // layers have read-only files
    }

    private IEnumerable<string> Texts(string name) => config.GetProperty(name).EnumerateArray().Select(text => text.GetString()!);
}

/// <summary>Tests of the image.</summary>
[CollectionDefinition(ContainerImage.Collection)]
public sealed class ImageTests : ICollectionFixture<ContainerImage>;
