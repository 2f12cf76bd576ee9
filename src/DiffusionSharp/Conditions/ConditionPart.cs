using System.Numerics.Tensors;

namespace DiffusionSharp.Conditions;

/// <summary>One named input of a network besides sample and timestep.</summary>
/// <param name="Name">One of <see cref="ConditionNames"/>, or the name of the network's input.</param>
/// <param name="Values">
/// The values, always float32: a network's layout converts them to its own type (whole numbers are exact up to 2^24). The first dimension is
/// the batch, of one row or as many as there are pictures, unless the part <see cref="IsShared"/>.
/// </param>
public sealed record ConditionPart(string Name, Tensor<float> Values)
{
    /// <summary>
    /// Whether the part has no batch dimension, as image ids and adapter scales. Generations share a model call only where their shared parts
    /// have equal values.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>
    /// Values for each position of the sample along a side, for parts that are pictures: 1 for latents beside latents, 8 for a picture beside
    /// its latents; 0, the default, for parts that are none. Whoever cuts a sample into windows crops the part by it.
    /// </summary>
    public double SpatialScale { get; init; }

    /// <summary>Rows of the batch dimension; 1 where there is none.</summary>
    internal int Rows => IsShared ? 1 : (int)Values.Lengths[0];

    /// <summary>Whether the part could stand in one batch with another: the same name and row shape, and where it is shared the same values.</summary>
    internal bool StacksWith(ConditionPart other) =>
        Name == other.Name && IsShared == other.IsShared && (IsShared
            ? Values.Lengths.SequenceEqual(other.Values.Lengths) && Values.Values().SequenceEqual(other.Values.Values())
            : Values.Lengths[1..].SequenceEqual(other.Values.Lengths[1..]));
}
