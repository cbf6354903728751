using ActorTrading.Host.Clustering;

namespace ActorTrading.Lab;

/// <summary>The executable of the product, which is in the same folder as that of the laboratory.</summary>
internal static class Product
{
    /// <summary>How to start the product: the laboratory's own executable has no command <c>node</c>.</summary>
    public static NodeProgram Program => NodeProgram.RunBy(Runtime);

    /// <summary>The path of <c>dotnet</c>.</summary>
    public static string Runtime => Environment.ProcessPath is { } own && NodeProgram.IsRuntime(own)
        ? own
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
