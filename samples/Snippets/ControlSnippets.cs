using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Snippets;

/// <summary>Snippets for models that are not in the repository: they are compiled, and not run.</summary>
internal static class ControlSnippets
{
    internal static async Task ControlNetAsync()
    {
        #region control-net
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load("models/my-controlnet-model");
        Tensor<float> photo = ImageTensors.Load("photo.jpg", ImageFit.Exactly(512, 512));
        var edges = new ControlPicture(CannyEdges.Detect(photo)) { Weight = 0.8, End = 0.6 };
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a house in the snow") { Parts = [new ControlPictures(edges)] });
        #endregion
        result.Images[0].SaveAsPng("house.png");
    }

    internal static void FromElsewhere()
    {
        #region control-nets-from-elsewhere
        var options = new OnnxPipelineOptions { ControlNets = ["models/edges", "models/depth"] };
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load("models/my-controlnet-model", options);
        #endregion
    }

    internal static GenerationRequest WithNumber()
    {
        #region number-by-name
        var request = new TextToImageRequest("a house")
        {
            Conditioning = Conditioning.None
                .With("style_vector", Tensor.Create([0.5f, -1, 2], [1, 3]))
                .With(new ConditionPart("sharpness", Tensor.Create([0.25f], [1])) { IsShared = true }),
        };
        #endregion
        return request;
    }

    internal static async Task ImagePromptAsync()
    {
        #region image-prompt
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load("models/my-ip-adapter-model");
        var style = new ImagePrompts(ImageTensors.Load("style.png", ImageFit.ToMultipleOf(1))) { Scale = 0.6 };
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a house") { Parts = [style] });
        #endregion
        result.Images[0].SaveAsPng("house.png");
    }
}
