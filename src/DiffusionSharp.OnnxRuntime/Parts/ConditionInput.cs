using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>An input that a condition is bound to.</summary>
/// <param name="Tensor">The graph's input.</param>
/// <param name="ConditionName">What the library calls it; the input's own name where it has no other.</param>
internal record ConditionInput(OnnxTensorInfo Tensor, string ConditionName)
{
    // What the conditions of the library's own encoders are called in graphs; any other condition has the name of its input.
    private static readonly (string Condition, string[] Inputs)[] KnownNames =
    [
        (ConditionNames.Context, ["encoder_hidden_states"]),
        (ConditionNames.ContextMask, ["encoder_attention_mask", "attention_mask"]),
        (ConditionNames.Pooled, ["text_embeds", "pooled_projections", "image_embeds", "proj_embedding"]),
        (ConditionNames.ClassLabels, ["class_labels", "y"]),
    ];

    /// <summary>The input of a graph by its name.</summary>
    public static ConditionInput Of(OnnxTensorInfo tensor, string modelPath) => tensor.Name switch
    {
        StackedControlPictures.InputName => new StackedControlPictures(tensor, modelPath),
        StackedControlWeights.InputName => new StackedControlWeights(tensor, modelPath),
        OnnxImagePromptConditions.TokensInput when tensor.Rank >= 3 => new(tensor, tensor.Name),
        string name when ResidualNames.IsInput(name) => new ResidualInput(tensor),
        string name => new(tensor, Array.Find(KnownNames, known => known.Inputs.Contains(name)).Condition ?? name),
    };

    /// <summary>Throws where there is no condition for this input, or one of a shape that the graph does not take.</summary>
    public virtual void Check(Conditioning conditioning, int rows, string modelPath)
    {
        ConditionPart part = Find(conditioning)
            ?? throw new ArgumentException($"{modelPath}: the model's input '{Tensor.Name}' needs the condition '{ConditionName}', which this generation does not have: give it in {nameof(GenerationRequest)}.{nameof(GenerationRequest.Conditioning)}.");
        if (!Fits(part, rows))
        {
            string remedy = part.IsShared ? "" : Tensor.Rank == 0 ? $"; one number for all rows is a part that {nameof(part.IsShared)}" : $", here with a batch of {rows}";
            throw new ArgumentException($"{modelPath}: the condition '{part.Name}' has the shape {part.Values.ShapeText()}, but the model's input '{Tensor.Name}' is {Tensor.ShapeText}{remedy}.");
        }
    }

    /// <summary>The shape of a condition as the graph takes it: one of a single number has none where the graph's has none.</summary>
    public virtual long[] Shape(Conditioning conditioning, int rows) => Tensor.Rank == 0 ? [] : Array.ConvertAll(Find(conditioning)!.Values.Lengths.ToArray(), extent => (long)extent);

    /// <summary>Writes rows of a condition into the input; a shared one is written whole, and without one the input stays as it is.</summary>
    public virtual void Write(Conditioning conditioning, int row, int rows, Span<float> input)
    {
        if (Find(conditioning) is { } part)
        {
            part.Values.Values().CopyTo(part.IsShared ? input : input[(row * (input.Length / rows))..]);
        }
    }

    // That of the input's own name, or the one that it stands for.
    protected ConditionPart? Find(Conditioning conditioning) => conditioning[Tensor.Name] ?? conditioning[ConditionName];

    private bool Fits(ConditionPart part, int rows) => part.IsShared
        ? Tensor.Fits(part.Values.Lengths) || (Tensor.Rank == 0 && part.Values.FlattenedLength == 1)
        : Tensor.Fits(part.Values.Lengths) && part.Values.Lengths[0] == rows;
}
