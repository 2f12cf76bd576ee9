using DiffusionSharp.Diffusers.Architectures;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers;

/// <summary>
/// Loads CLIP's encoder of pictures (<c>CLIPVisionModelWithProjection</c>) from safetensors, whose embeddings the decoders of Kandinsky 2.2 and unCLIP take:
/// Kandinsky's guidance moves away from the embedding of nothing.
/// </summary>
public static class DiffusersImageEncoder
{
    /// <summary>Loads a folder with a <c>config.json</c> and a <c>model.safetensors</c>, as <c>image_encoder</c> of a model folder.</summary>
    /// <param name="folder">The encoder's folder. How pictures are prepared says <c>preprocessor_config.json</c> in it, or in <c>feature_extractor</c> or <c>image_processor</c> beside it.</param>
    /// <param name="options">How to load it; the defaults when null. Its variant, its mapping of weights and how models are executed matter.</param>
    /// <returns>The encoder; dispose it to release the model.</returns>
    /// <inheritdoc cref="DiffusersPipeline.Load(string, DiffusersPipelineOptions?)"/>
    public static OnnxImageEncoder Load(string folder, DiffusersPipelineOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new DiffusersPipelineOptions();
        ModelSource source = ClipVisionModel.Build(Checkpoint.Open(folder, "model", options.Variant), NetworkConfig.Load(folder));
        return new OnnxImageEncoder(options.MapsWeights ? source.Mapped() : source, options.Onnx, givesStates: false, CancellationToken.None);
    }
}
