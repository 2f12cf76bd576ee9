namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>What a body that is run for each row of a value gets or gives at a time.</summary>
/// <param name="Value">The value.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">The shape of a row.</param>
internal sealed record Row(Value Value, ElementType Type, params IReadOnlyList<long> Shape);
