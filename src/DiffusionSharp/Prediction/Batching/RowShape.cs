using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>The shape of one row of a sample and of all its conditions, as text: what is equal can share a call. Shared parts count by their values.</summary>
internal static class RowShape
{
    /// <exception cref="ArgumentException">A condition has another number of rows than the sample.</exception>
    public static string Of(SampleShape shape, Conditioning conditioning)
    {
        var text = new StringBuilder(shape.WithBatch(1).ToString());
        foreach (ConditionPart part in conditioning.Parts.OrderBy(part => part.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $" {part.Name} {(part.IsShared ? SharedKey(part) : RowKey(part, shape.Batch))}");
        }

        return text.ToString();
    }

    private static string RowKey(ConditionPart part, int rows) => part.Rows == rows
        ? $"[{string.Join(", ", part.Values.Lengths[1..].ToArray())}]"
        : throw new ArgumentException($"The condition '{part.Name}' has the shape {part.Values.ShapeText()}, but the sample has {rows} rows.");

    private static string SharedKey(ConditionPart part) =>
        $"{part.Values.ShapeText()} {Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(part.Values.Values())))}";
}
