// Every code snippet of README.md and docs/, run. `dotnet run -- NAME...` runs some of them, in the current folder; without names
// all are run, in a temporary folder.
#region start
using DiffusionSharp;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
#endregion
using DiffusionSharp.Snippets;

string? temporary = args.Length == 0 ? Directory.CreateTempSubdirectory("snippets-").FullName : null;
if (temporary is not null)
{
    Directory.SetCurrentDirectory(temporary);
    await Setup.CopyAsync(EmojiPipeline.ModelFolder, "models/my-model");
    await Setup.CopyAsync(Path.Combine(AppContext.BaseDirectory, "companions"), "companions");
    await Setup.CopyAsync(Path.Combine(AppContext.BaseDirectory, "diffusers"), "models");
    #region start
    using DiffusionPipeline pipeline = EmojiPipeline.Load();
    GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });
    result.Images[0].SaveAsPng("apple.png");
    #endregion
}

foreach ((string name, Func<Task> run) in Setup.All)
{
    if (args.Length == 0 || args.Contains(name))
    {
        Console.WriteLine($"-- {name}");
        await run();
    }
}

if (temporary is not null)
{
    Directory.SetCurrentDirectory(Path.GetTempPath());
    Directory.Delete(temporary, recursive: true);
}

string[] unknown = [.. args.Except(Setup.All.Select(snippet => snippet.Name))];
if (unknown.Length > 0)
{
    Console.Error.WriteLine($"There is no snippet {string.Join(", ", unknown)}.");
    return 1;
}

return 0;
