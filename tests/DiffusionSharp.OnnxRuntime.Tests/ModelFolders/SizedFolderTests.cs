using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;

namespace DiffusionSharp.OnnxRuntime.Tests.ModelFolders;

/// <summary>Folders of Stable Diffusion whose UNet takes sizes (<c>time_ids</c>) and a pooled vector (<c>text_embeds</c>).</summary>
public class SizedFolderTests
{
    [Fact]
    public void A_UNet_that_takes_sizes_is_told_them_whatever_its_family()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Copy("predictors/pooled-and-time-ids.onnx", "unet/model.onnx");
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        var request = new TextToImageRequest("red") { Seed = 1, Steps = 3 };

        float[] told = Generate(request with { Parts = [new PictureSizes { OriginalHeight = 512, Top = 3 }] });
        Assert.Equal(Generate(request with { Conditioning = Ids(512, 16, 3, 0, 16, 16) }), told);
        Assert.Equal(Generate(request with { Conditioning = Ids(16, 16, 0, 0, 16, 16) }), Generate(request));
        Assert.NotEqual(told, Generate(request));

        float[] Generate(GenerationRequest asked) => pipeline.Generate(asked).Latents.ToArray();
    }

    private static Conditioning Ids(params float[] ids) => Conditioning.None.With(SizeConditions.Name, Tensor.Create(ids, [1, ids.Length]));
}
