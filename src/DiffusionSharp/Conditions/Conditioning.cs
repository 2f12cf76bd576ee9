using System.Numerics.Tensors;

namespace DiffusionSharp.Conditions;

/// <summary>
/// Everything that a prediction is conditioned on besides the sample and the timestep: an ordered set of named parts. Immutable. A network
/// uses the parts that it has inputs for; what it needs and lacks is an error.
/// </summary>
public sealed class Conditioning
{
    private readonly ConditionPart[] _parts;

    private Conditioning(ConditionPart[] parts) => _parts = parts;

    /// <summary>No condition at all, as for an unconditional network.</summary>
    public static Conditioning None { get; } = new([]);

    /// <summary>The parts, in the order in which they were added.</summary>
    public IReadOnlyList<ConditionPart> Parts => _parts;

    /// <summary>The part of a name; null where there is none.</summary>
    /// <param name="name">The name.</param>
    public ConditionPart? this[string name]
    {
        get
        {
            // Without a closure: predictors ask in every call.
            foreach (ConditionPart part in _parts)
            {
                if (part.Name == name)
                {
                    return part;
                }
            }

            return null;
        }
    }

    /// <summary>The same with another part, in place of the one of its name.</summary>
    /// <param name="part">The part.</param>
    /// <returns>A new set.</returns>
    public Conditioning With(ConditionPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        int index = Array.FindIndex(_parts, p => p.Name == part.Name);
        ConditionPart[] parts = index < 0 ? [.. _parts, part] : [.. _parts];
        if (index >= 0)
        {
            parts[index] = part;
        }

        return new Conditioning(parts);
    }

    /// <summary>The same with another part, in place of the one of its name.</summary>
    /// <param name="name">One of <see cref="ConditionNames"/>, or the name of a network's input.</param>
    /// <param name="values">The values; the first dimension is the batch.</param>
    /// <returns>A new set.</returns>
    public Conditioning With(string name, Tensor<float> values) => With(new ConditionPart(name, values));

    /// <summary>The same without a part.</summary>
    /// <param name="name">Its name; nothing happens where there is no such part.</param>
    /// <returns>A new set.</returns>
    public Conditioning Without(string name) => new(Array.FindAll(_parts, part => part.Name != name));

    /// <summary>Some rows of every part; shared parts, and those of one row, stay as they are.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many.</param>
    /// <returns>A new set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A part has no such rows.</exception>
    public Conditioning Rows(int start, int count) => Select(part => part.Rows == 1 ? part : part with { Values = part.Values.Rows(start, count) });

    /// <summary>Repeats parts of one row, so that all that are not shared have a number of rows.</summary>
    /// <param name="rows">How many, at least 1.</param>
    /// <returns>A new set.</returns>
    /// <exception cref="ArgumentException">A part has another number of rows, other than 1.</exception>
    public Conditioning Expand(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return Select(part => part switch
        {
            { IsShared: true } => part,
            _ when part.Rows == rows => part,
            { Rows: 1 } => part with { Values = TensorExtensions.StackRows([.. Enumerable.Repeat(part.Values, rows)]) },
            _ => throw new ArgumentException($"The part '{part.Name}' has the shape {part.Values.ShapeText()}, but there are {rows} pictures: its first dimension must be 1 or {rows}."),
        });
    }

    /// <summary>Stacks conditions along the batch, for example those of the terms of a guidance.</summary>
    /// <param name="conditions">At least one; see <see cref="CanStack"/>.</param>
    /// <returns>One set whose number of rows is the sum.</returns>
    /// <exception cref="ArgumentException">The list is empty, or two of them cannot be stacked.</exception>
    public static Conditioning Stack(IReadOnlyList<Conditioning> conditions)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        if (conditions.Count == 0)
        {
            throw new ArgumentException("Nothing to stack: the list of conditions is empty.", nameof(conditions));
        }

        Conditioning first = conditions[0];
        foreach (Conditioning other in conditions)
        {
            if (!CanStack(first, other))
            {
                throw new ArgumentException($"Conditions stack only where they have the same parts with the same shapes behind the batch, and equal shared parts: {first} and {other}.", nameof(conditions));
            }
        }

        return conditions.Count == 1 ? first : first.Select(part => part.IsShared ? part : part with { Values = TensorExtensions.StackRows([.. conditions.Select(c => c[part.Name]!.Values)]) });
    }

    /// <summary>Whether conditions can stand in one batch: the same names and row shapes, and equal values of shared parts.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    /// <returns>True where <see cref="Stack"/> takes both.</returns>
    public static bool CanStack(Conditioning a, Conditioning b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return ReferenceEquals(a, b) || (a._parts.Length == b._parts.Length && Array.TrueForAll(a._parts, part => b[part.Name] is { } other && part.StacksWith(other)));
    }

    /// <summary>The same parts in memory of their own.</summary>
    internal Conditioning Copy() => Select(part => part with { Values = Tensor.Create(part.Values.Values().ToArray(), part.Values.Lengths) });

    /// <summary>Names and shapes, for example <c>{context [1, 77, 768], pooled [1, 768]}</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{{{string.Join(", ", _parts.Select(part => $"{part.Name} {part.Values.ShapeText()}"))}}}";

    private Conditioning Select(Converter<ConditionPart, ConditionPart> change) => new(Array.ConvertAll(_parts, change));
}
