using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ActorTrading.Engine.Tests.Architecture;

/// <summary>
/// A method or constructor has at most five parameters; beyond that, the parameters are a type. A record is such a type itself.
/// A log message has a parameter for each of its values.
/// </summary>
public class ParameterTests
{
    private const int Most = 5;

    /// <summary>Declarations with more parameters, with the reason. None may be added without one.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        // The values of one kind of record, in the order in which every format names them.
        ["Record.OfQuote"] = "one record",
        ["Record.OfBookUpdate"] = "one record",
        ["Record.OfBar"] = "one record",
        ["Record.OfPrint"] = "one record",
        ["Record.Of"] = "one record",
        ["SyntheticRecords.Of"] = "one record",
        ["SyntheticRecords.Bar"] = "one record",
        ["RecordBody.Read"] = "one record",
        ["Faults.With"] = "one record",

        // Called for each record: a parameter object would be copied each time.
        ["EventDecoder.ReadTicks"] = "hot path",
        ["EventDecoder.ReadRun"] = "hot path",
        ["EventEncoder.WriteTick"] = "hot path",
        ["FixedPoint.TryShift"] = "hot path",
        ["UnitConversion.TryShift"] = "hot path",
        ["UnitConversion.Convert"] = "hot path",
        ["RecordAssembler.TryReadInOwnUnits"] = "hot path",
        ["RecordAssembler.TryReadNumbers"] = "hot path",
        ["RecordAssembler.TryReadTrade"] = "hot path",
        ["CsvParser.TryReadQuoted"] = "hot path",
        ["JsonParser.ReadItem"] = "hot path",
    };

    [Fact]
    public void Methods_HaveAtMostFiveParameters()
    {
        var found = SourceFile.All
            .SelectMany(file => CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes().OfType<ParameterListSyntax>())
            .Where(list => list.Parameters.Count > Most)
            .Select(list => NameOf(list.Parent!))
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.Equal(Exceptions.Keys.Order(StringComparer.Ordinal), found);
    }

    /// <summary>The type and the member that a list of parameters belongs to; null for a record and a log message.</summary>
    private static string? NameOf(Microsoft.CodeAnalysis.SyntaxNode declaration) => declaration switch
    {
        RecordDeclarationSyntax => null,
        MethodDeclarationSyntax { AttributeLists: var lists } when lists.ToString().Contains(
            "LoggerMessage", StringComparison.Ordinal) => null,
        MethodDeclarationSyntax method => $"{TypeOf(method)}.{method.Identifier}",
        ConstructorDeclarationSyntax constructor => $"{TypeOf(constructor)}.{constructor.Identifier}",
        TypeDeclarationSyntax type => $"{type.Identifier}.{type.Identifier}",
        DelegateDeclarationSyntax type => $"{type.Identifier}",
        LocalFunctionStatementSyntax function => $"{TypeOf(function)}.{function.Identifier}",
        _ => $"{TypeOf(declaration)}.{declaration.Kind()}",
    };

    private static string TypeOf(Microsoft.CodeAnalysis.SyntaxNode member) =>
        member.Ancestors().OfType<TypeDeclarationSyntax>().First().Identifier.Text;
}
