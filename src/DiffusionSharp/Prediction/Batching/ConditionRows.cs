using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace DiffusionSharp.Prediction;

/// <summary>Conditions whose rows can be overwritten.</summary>
internal sealed class ConditionRows
{
    private readonly string[] _names;

    /// <summary>A copy, so that nobody else's tensors are overwritten.</summary>
    public ConditionRows(Conditioning conditioning, int rows)
    {
        Rows = rows;
        _names = [.. conditioning.Named.Keys];
        Conditioning = new Conditioning
        {
            Context = Copy(conditioning.Context),
            Pooled = Copy(conditioning.Pooled),
            ClassLabels = Copy(conditioning.ClassLabels),
            Concatenated = Copy(conditioning.Concatenated),
            Named = _names.ToDictionary(name => name, name => Copy(conditioning.Named[name])!),
        };
    }

    public int Rows { get; }

    public Conditioning Conditioning { get; }

    /// <summary>The first row of conditions, repeated.</summary>
    public static Conditioning Repeat(Conditioning conditioning, int count) => new Conditioning
    {
        Context = conditioning.Context?.Rows(0, 1),
        Pooled = conditioning.Pooled?.Rows(0, 1),
        ClassLabels = conditioning.ClassLabels?.Rows(0, 1),
        Concatenated = conditioning.Concatenated?.Rows(0, 1),
        Named = conditioning.Named.ToDictionary(part => part.Key, part => part.Value.Rows(0, 1)),
    }.Repeat(count);

    public void Write(int row, Conditioning from)
    {
        Write(Conditioning.Context, row, from.Context);
        Write(Conditioning.Pooled, row, from.Pooled);
        Write(Conditioning.ClassLabels, row, from.ClassLabels);
        Write(Conditioning.Concatenated, row, from.Concatenated);
        foreach (string name in _names)
        {
            Write(Conditioning.Named[name], row, from.Named[name]);
        }
    }

    private static Tensor<T>? Copy<T>(Tensor<T>? tensor) => tensor is null ? null : Tensor.Create(tensor.Values().ToArray(), tensor.Lengths);

    private void Write<T>(Tensor<T>? to, int row, Tensor<T>? from)
    {
        if (to is null || from is null)
        {
            return;
        }

        ReadOnlySpan<T> all = to.Values();
        Span<T> values = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(all), all.Length);
        from.Values().CopyTo(values[(row * (values.Length / Rows))..]);
    }
}
