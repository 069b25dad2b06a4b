Console.Error.WriteLine("colbert");
return 2;
