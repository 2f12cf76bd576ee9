using System.Runtime.InteropServices;
using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>Conditions whose rows can be overwritten.</summary>
internal sealed class ConditionRows
{
    /// <summary>A copy, so that nobody else's tensors are overwritten.</summary>
    /// <param name="conditioning">What every part begins with.</param>
    /// <param name="rows">Rows of every part that is not shared.</param>
    public ConditionRows(Conditioning conditioning, int rows)
    {
        Rows = rows;
        Conditioning = conditioning.Copy();
    }

    public int Rows { get; }

    public Conditioning Conditioning { get; }

    /// <summary>The first row of conditions, repeated.</summary>
    public static Conditioning Repeat(Conditioning conditioning, int count) => conditioning.Rows(0, 1).Expand(count);

    /// <summary>Overwrites some rows; shared parts are the same for all.</summary>
    public void Write(int row, Conditioning from)
    {
        IReadOnlyList<ConditionPart> parts = Conditioning.Parts;
        for (int i = 0; i < parts.Count; i++)
        {
            if (!parts[i].IsShared)
            {
                ReadOnlySpan<float> all = parts[i].Values.Values();
                Span<float> values = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(all), all.Length);
                from[parts[i].Name]!.Values.Values().CopyTo(values[(row * (values.Length / Rows))..]);
            }
        }
    }
}
