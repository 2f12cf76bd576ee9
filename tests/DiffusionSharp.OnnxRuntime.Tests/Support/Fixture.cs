namespace DiffusionSharp.OnnxRuntime.Tests.Support;

/// <summary>Files that eng/fixtures/make_onnx_fixtures.py made.</summary>
internal static class Fixture
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    public static OnnxNoisePredictor Predictor(string name, OnnxOptions? options = null) => new(Path($"predictors/{name}.onnx"), options);

    /// <summary>Copies one into a folder.</summary>
    public static string Copy(this TemporaryFolder folder, string fixture, string name)
    {
        File.Copy(Path(fixture), folder.File(name), overwrite: true);
        return folder.File(name);
    }
}
