namespace DiffusionSharp.Conditions;

/// <summary>The names of the parts that the library's own encoders give. A network takes them at the input that its layout maps them to; any other name is that of an input itself.</summary>
public static class ConditionNames
{
    /// <summary>Tokens for cross-attention, <c>[B, S, D]</c>: <c>encoder_hidden_states</c>.</summary>
    public const string Context = "context";

    /// <summary>Which tokens of the context count, 1 or 0, <c>[B, S]</c>: <c>encoder_attention_mask</c>.</summary>
    public const string ContextMask = "context_mask";

    /// <summary>One vector for each picture, <c>[B, P]</c>: <c>text_embeds</c>, <c>pooled_projections</c>, <c>image_embeds</c>.</summary>
    public const string Pooled = "pooled";

    /// <summary>One class index for each picture, <c>[B]</c>: <c>class_labels</c>.</summary>
    public const string ClassLabels = "class_labels";

    /// <summary>Channels behind those of the sample, <c>[B, C', H, W]</c>: a mask and masked latents, a low-resolution picture, a semantic map.</summary>
    public const string Concatenated = "concatenated";

    /// <summary>The embeddings of pictures beside the prompt, <c>[B, N, D]</c>: <c>image_embeds</c> of a UNet with an IP-Adapter.</summary>
    public const string ImagePrompts = "image_embeds";

    /// <summary>The picture of a ControlNet, <c>[B, 3, H, W]</c> in [0, 1]: <c>controlnet_cond</c> of its graph.</summary>
    /// <param name="net">Which of the ControlNets, from 0.</param>
    /// <returns>The name.</returns>
    public static string ControlPicture(int net) => $"control_picture.{net}";

    /// <summary>The weights of a ControlNet's shallowest and deepest residual, <c>[B, 2]</c>; those between are geometric.</summary>
    /// <param name="net">Which of the ControlNets, from 0.</param>
    /// <returns>The name.</returns>
    public static string ControlWeight(int net) => $"control_weight.{net}";
}
