using System.Text.RegularExpressions;
using ActorTrading.TestKit;

namespace ActorTrading.Engine.Tests.Architecture;

/// <summary>A C# file of the product, by its path from the folder of the repository, with <c>/</c> between folders.</summary>
internal sealed partial record SourceFile(string Path, string Text)
{
    /// <summary>Every C# file of the product's projects.</summary>
    public static IReadOnlyList<SourceFile> All { get; } = Read();

    /// <summary>The namespaces that the file imports.</summary>
    public IEnumerable<string> Imports => Import().Matches(Text).Select(match => match.Groups[1].Value);

    private static List<SourceFile> Read()
    {
        var repository = ReferenceData.RepositoryFolder();
        return
        [
            .. Directory.EnumerateFiles(System.IO.Path.Combine(repository, "src"), "*.cs", SearchOption.AllDirectories)
                .Select(file => System.IO.Path.GetRelativePath(repository, file).Replace('\\', '/'))
                .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(file => new SourceFile(file, File.ReadAllText(System.IO.Path.Combine(repository, file)))),
        ];
    }

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?([\w.]+)[;<]", RegexOptions.Multiline)]
    private static partial Regex Import();
}
