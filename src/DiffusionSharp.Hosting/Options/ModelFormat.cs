namespace DiffusionSharp.Hosting;

/// <summary>How the networks of a model folder are stored.</summary>
public enum ModelFormat
{
    /// <summary>As ONNX graphs.</summary>
    Onnx,

    /// <summary>As safetensors, the way diffusers publishes them.</summary>
    Safetensors,
}
