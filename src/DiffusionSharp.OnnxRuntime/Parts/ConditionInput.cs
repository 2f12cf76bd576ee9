using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>An input that a condition is bound to.</summary>
/// <param name="Tensor">The graph's input.</param>
/// <param name="ConditionName">What the library calls it; the input's own name where it has no other.</param>
internal sealed record ConditionInput(OnnxTensorInfo Tensor, string ConditionName)
{
    // What the conditions of the library's own encoders are called in graphs; any other condition has the name of its input.
    private static readonly (string Condition, string[] Inputs)[] KnownNames =
    [
        (ConditionNames.Context, ["encoder_hidden_states"]),
        (ConditionNames.ContextMask, ["encoder_attention_mask", "attention_mask"]),
        (ConditionNames.Pooled, ["text_embeds", "pooled_projections", "image_embeds", "proj_embedding"]),
        (ConditionNames.ClassLabels, ["class_labels", "y"]),
    ];

    public static ConditionInput Of(OnnxTensorInfo tensor) => new(tensor, Array.Find(KnownNames, known => known.Inputs.Contains(tensor.Name)).Condition ?? tensor.Name);

    /// <summary>The condition for this input: that of its own name, or the one that it stands for.</summary>
    public ConditionPart? Find(Conditioning conditioning) => conditioning[Tensor.Name] ?? conditioning[ConditionName];

    /// <summary>The shape of a condition as the graph takes it: one of a single number has none where the graph's has none.</summary>
    public long[] Shape(ConditionPart part) => Tensor.Rank == 0 ? [] : Array.ConvertAll(part.Values.Lengths.ToArray(), extent => (long)extent);

    /// <summary>Whether the graph takes a condition for a number of rows.</summary>
    public bool Fits(ConditionPart part, int rows) => part.IsShared
        ? Tensor.Fits(part.Values.Lengths) || (Tensor.Rank == 0 && part.Values.FlattenedLength == 1)
        : Tensor.Fits(part.Values.Lengths) && part.Values.Lengths[0] == rows;
}
